"""A passkey in software: makes a key and signs challenges as a device does."""

import json
import os
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST = "testserver"
FLAG = AuthenticatorData.FLAG


class Passkey:
    """One key; `looks` says whether the device asked for finger, face or PIN."""

    def __init__(self, host: str = HOST) -> None:
        self.host = host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.handle = b""
        self.looks = True

    def _client_data(self, kind: Any, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(challenge), f"https://{self.host}")

    def _data(self, credential: bytes = b"") -> AuthenticatorData:
        flags = FLAG.UP | (FLAG.UV if self.looks else FLAG(0)) | (FLAG.AT if credential else FLAG(0))
        return AuthenticatorData.create(sha256(self.host.encode()).digest(), flags, 1, credential)

    def _answer(self, response: dict[str, bytes], **more: Any) -> str:
        name = websafe_encode(self.id)
        said = {field: websafe_encode(value) for field, value in response.items()}
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": said,
                "clientExtensionResults": {},
                **more,
            }
        )

    def make(self, options: dict[str, Any]) -> str:
        """Give the browser's answer to `create`, for the options of a page."""
        asked = json.loads(json.dumps(options, default=dict))["publicKey"]
        self.handle = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        made = AttestationObject.create("none", self._data(bytes(credential)), {})
        client_data = self._client_data(CollectedClientData.TYPE.CREATE, asked["challenge"])
        return self._answer({"clientDataJSON": bytes(client_data), "attestationObject": bytes(made)})

    def sign(self, options: dict[str, Any]) -> str:
        """Give the browser's answer to `get`."""
        asked = json.loads(json.dumps(options, default=dict))["publicKey"]
        client_data, data = self._client_data(CollectedClientData.TYPE.GET, asked["challenge"]), self._data()
        signature = self.key.sign(bytes(data) + client_data.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": bytes(client_data),
                "authenticatorData": bytes(data),
                "signature": signature,
                "userHandle": self.handle,
            }
        )
