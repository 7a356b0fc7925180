"""A review on servers of a test's own: load it, open and close it, and check that all was done once."""

from tests.contracts.reviewing import YEAR
from tests.core.ground import Ground, check_mails

NO_MAIL_WAITS = "NOT EXISTS (SELECT 1 FROM core_outgoingmail WHERE state IN ('queued', 'sending'))"


def call(ground: Ground, *calls: str) -> None:
    """Carry out calls of `tests.contracts.review_load` after each other, in a process of their own."""
    lines = "; ".join(f"review_load.{one}" for one in calls)
    ground.manage("shell", "--no-imports", "-c", f"from tests.contracts import review_load; {lines}")


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


def remind(ground: Ground, *, times: int = 3) -> None:
    """Let a reminder be due today and have several clocks ask for it at once."""
    call(ground, "make_due(7)", f"ring({times})")


def check_reminded(ground: Ground) -> int:
    """Wait until the reminders are written: each open part with an address was reminded once; gives how many."""
    ground.wait(
        "count(*) = 1 FROM core_job WHERE kind = 'contracts.review_day' AND state = 'done'", "the day", 240
    )
    ground.wait(NO_MAIL_WAITS, "the end of the mail", 400)
    wanted = ground.ask(
        "SELECT count(DISTINCT p.contact_email) FROM contracts_partyreview r JOIN contracts_party p"
        " ON p.id = r.party_id WHERE r.state <> 'submitted' AND p.contact_email <> ''"
        " AND EXISTS (SELECT 1 FROM contracts_effort e WHERE e.part_id = r.id)"
    )
    reminders = "FROM core_outgoingmail WHERE key LIKE 'review-reminder:%'"
    assert ground.ask(f"SELECT count(*) {reminders}") == wanted
    assert ground.ask(f"SELECT count(DISTINCT key) {reminders}") == wanted
    return int(wanted)


def check_opened(ground: Ground, contracts: int, *, parties: int, kills: int, seconds: float = 240) -> int:
    """Wait until the round is open and the mails have gone; gives the number of mails that stayed uncertain.

    Every contract has one review, every party one part, every promise one effort; the round opened after the last
    review was there, and every party with an address was written to once. The city itself has none.
    """
    ground.wait(f"state = 'open' FROM contracts_reviewround WHERE year = {YEAR}", "the opening", seconds)
    ground.wait("state = 'done' FROM core_job WHERE kind = 'contracts.invite_round'", "the invitations", seconds)
    ground.wait(NO_MAIL_WAITS, "the end of the mail", seconds)
    assert ground.ask("SELECT count(*) FROM contracts_annualreview") == contracts
    assert ground.ask("SELECT count(DISTINCT contract_id) FROM contracts_annualreview") == contracts
    assert ground.ask("SELECT count(*) FROM contracts_partyreview") == contracts * parties
    promised = ground.ask(
        "SELECT (SELECT count(*) FROM contracts_action) + (SELECT count(*) FROM contracts_commitment)"
    )
    assert ground.ask("SELECT count(*) FROM contracts_effort") == promised
    assert ground.ask("SELECT count(*) FROM core_transition WHERE object_type = 'contracts.reviewround'") == 1
    return check_mails(ground, contracts * (parties - 1), kills=kills)


def check_closed(ground: Ground, contracts: int, *, seconds: float = 240) -> None:
    """Wait until the round is closed and its reports are made: every review has its outcome, once."""
    ground.wait(f"state = 'closed' FROM contracts_reviewround WHERE year = {YEAR}", "the closing", seconds)
    closed = "SELECT count(*) FROM contracts_annualreview WHERE state = 'closed' AND outcome IS NOT NULL"
    assert ground.ask(closed) == contracts
    moves = (
        "SELECT count(*) FROM core_transition WHERE object_type = 'contracts.annualreview' AND target = 'closed'"
    )
    assert ground.ask(moves) == contracts
    rows = "SELECT jsonb_array_length(reflection -> 'reviews') FROM contracts_reviewround"
    assert ground.ask(rows) == contracts
    ground.wait("count(*) = 6 FROM core_report WHERE state = 'ready'", "the reports", seconds)
    # The reflection in three formats and two languages, each with its file.
    assert ground.ask("SELECT count(*) FROM core_report") == 6
    assert ground.ask("SELECT count(DISTINCT file_id) FROM core_report WHERE file_id IS NOT NULL") == 6
