"""A review on servers of a test's own: load it, open and close it, and check that all was done once."""

from tests.contracts.reviewing import YEAR
from tests.core.ground import Ground, check_mails

NO_MAIL_WAITS = "NOT EXISTS (SELECT 1 FROM core_outgoingmail WHERE state IN ('queued', 'sending'))"


def call(ground: Ground, code: str) -> None:
    """Carry out a line of Python that knows `tests.contracts.review_load`, in a process of its own."""
    ground.manage("shell", "--no-imports", "-c", f"from tests.contracts import review_load; review_load.{code}")


def load(ground: Ground, contracts: int, *, parties: int, actions: int, commitments: int) -> None:
    """Make running contracts."""
    call(ground, f"load({contracts}, {parties}, {actions}, {commitments})")


def open_and_wait_for(ground: Ground, reviews: int) -> None:
    """Open the round and wait until so many reviews are there."""
    call(ground, "begin()")
    ground.wait(f"count(*) >= {reviews} FROM contracts_annualreview", f"{reviews} reviews")


def close(ground: Ground, reviews: int) -> None:
    """Have parts answered, close the round and wait until so many reviews are closed."""
    call(ground, "answer()")
    call(ground, "end()")
    ground.wait(f"count(*) >= {reviews} FROM contracts_annualreview WHERE state = 'closed'", f"{reviews} closed")


def check_opened(ground: Ground, contracts: int, *, parties: int, kills: int) -> int:
    """Wait until the round is open and the mails have gone; gives the number of mails that stayed uncertain.

    Every contract has one review, every party one part, every promise one effort; the round opened after the last
    review was there, and every party with an address was written to once. The city itself has none.
    """
    ground.wait(f"state = 'open' FROM contracts_reviewround WHERE year = {YEAR}", "the opening", 120)
    ground.wait("state = 'done' FROM core_job WHERE kind = 'contracts.invite_round'", "the invitations", 120)
    ground.wait(NO_MAIL_WAITS, "the end of the mail", 240)
    assert ground.ask("SELECT count(*) FROM contracts_annualreview") == contracts
    assert ground.ask("SELECT count(DISTINCT contract_id) FROM contracts_annualreview") == contracts
    assert ground.ask("SELECT count(*) FROM contracts_partyreview") == contracts * parties
    promised = ground.ask(
        "SELECT (SELECT count(*) FROM contracts_action) + (SELECT count(*) FROM contracts_commitment)"
    )
    assert ground.ask("SELECT count(*) FROM contracts_effort") == promised
    assert ground.ask("SELECT count(*) FROM core_transition WHERE object_type = 'contracts.reviewround'") == 1
    return check_mails(ground, contracts * (parties - 1), kills=kills)


def check_closed(ground: Ground, contracts: int) -> None:
    """Wait until the round is closed and its reports are made: every review has its outcome, once."""
    ground.wait(f"state = 'closed' FROM contracts_reviewround WHERE year = {YEAR}", "the closing", 120)
    closed = "SELECT count(*) FROM contracts_annualreview WHERE state = 'closed' AND outcome IS NOT NULL"
    assert ground.ask(closed) == contracts
    moves = (
        "SELECT count(*) FROM core_transition WHERE object_type = 'contracts.annualreview' AND target = 'closed'"
    )
    assert ground.ask(moves) == contracts
    rows = "SELECT jsonb_array_length(reflection -> 'reviews') FROM contracts_reviewround"
    assert ground.ask(rows) == contracts
    ground.wait("count(*) = 6 FROM core_report WHERE state = 'ready'", "the reports", 240)
    # The reflection in three formats and two languages.
    assert ground.ask("SELECT count(*) FROM core_report") == 6
