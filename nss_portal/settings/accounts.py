"""Login by e-mail, second factor, sessions, rate limits."""

from nss_portal.settings.env import DEMO, env

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = ["governance.accounts.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "governance.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An address is known to be somebody's own since the invitation went there: no second proof is asked for.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_FORMS = {
    "login": "governance.forms.login.LoginForm",
    "reset_password": "governance.forms.login.ResetPasswordForm",
    "reset_password_from_key": "governance.forms.login.ResetPasswordKeyForm",
    "change_password": "governance.forms.login.ChangePasswordForm",
    "set_password": "governance.forms.login.SetPasswordForm",
    "reauthenticate": "governance.forms.login.ReauthenticateForm",
}
# Counted in the shared cache, so that every web process knows what the others saw. `key` is the address.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("NSS_TRUSTED_PROXIES", default=0)

MFA_ADAPTER = "governance.accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey asks for finger, face or PIN each time: then it is two factors by itself.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "authenticate": "governance.forms.login.AuthenticateForm",
    "reauthenticate": "governance.forms.login.ReauthenticateCodeForm",
    "activate_totp": "governance.forms.login.ActivateTOTPForm",
    "authenticate_webauthn": "governance.forms.passkeys.AuthenticateForm",
    "reauthenticate_webauthn": "governance.forms.passkeys.ReauthenticateForm",
    "login_webauthn": "governance.forms.passkeys.LoginForm",
    "add_webauthn": "governance.forms.passkeys.AddForm",
    "edit_webauthn": "governance.forms.passkeys.RenameForm",
}
# Whether roles that can change other people's data must have a second factor (governance.accounts.second_factor).
NSS_SECOND_FACTOR = env.bool("NSS_SECOND_FACTOR", default=not DEMO)

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "governance.accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_SAVE_EVERY_REQUEST = False
