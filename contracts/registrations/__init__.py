"""What the contracts app adds to other apps and pages: a file per part; `contracts.apps` reads them in order."""
