"""A device with passkeys for a browser: Chromium's virtual authenticator, over its debugging protocol."""

from playwright.sync_api import Page

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """What holds passkeys for a page: a telephone, a laptop."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self.key = made["authenticatorId"]

    @property
    def credentials(self) -> list[object]:
        """The passkeys that it holds."""
        found: list[object] = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.key})[
            "credentials"
        ]
        return found

    def knows_its_owner(self, knows: bool) -> None:
        """Let finger, face or PIN be the right one from now on, or a wrong one."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.key, "isUserVerified": knows})


def with_passkey(page: Page) -> Device:
    """Let the person of a page make a passkey on a new device."""
    device = Device(page)
    page.goto("/account/tweede-stap/passkeys/nieuw/")
    page.get_by_label("Naam van de passkey").fill("mijn telefoon")
    page.get_by_role("button", name="Passkey maken").click()
    page.get_by_role("heading", name="Herstelcodes", level=1).wait_for()
    return device
