"""What a password has to be: said in Dutch, also where nobody thought of it."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kort", "te kort"),
        ("123456789012", "alleen uit cijfers"),
        ("password1234", "te vaak gebruikt"),
    ],
)
def test_a_weak_password_is_refused_in_dutch(password: str, said: str) -> None:
    with override("nl"), pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert said in " ".join(refused.value.messages)


def test_a_sentence_is_a_good_password() -> None:
    validate_password("een zin die alleen ik ken")
