"""Examples of the accounts' operations."""

from botforge.api.example import Example

USER = {
    "id": "7b1c3f0e-2d94-4a56-9a0f-5f6f6f9a8c11",
    "email": "me@example.org",
    "name": "Ada",
    "date_joined": "2025-03-01T09:30:00Z",
}
PROFILE = {
    **USER,
    "quotas": {
        "active": {"limit": 200, "used": 3, "resets_at": None},
        "daily_cost": {
            "limit": 14_400,
            "used": 12.5,
            "resets_at": "2025-03-02T00:00:00Z",
        },
    },
}
CREDENTIALS = {"email": "me@example.org", "password": "a long enough one"}
TOKENS = {
    "access": "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.c2lnbmF0dXJl",
    "refresh": "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.c2lnbmF0dXJl",
}
REFRESH = {"refresh": TOKENS["refresh"]}

EXAMPLES = {
    "register": Example(request={**CREDENTIALS, "name": "Ada"}, response=USER),
    "sign_in": Example(request=CREDENTIALS, response=TOKENS),
    "refresh_tokens": Example(request=REFRESH, response=TOKENS),
    "sign_out": Example(request=REFRESH),
    "get_me": Example(response=PROFILE),
    "update_me": Example(
        request={"name": "Ada L."}, response={**PROFILE, "name": "Ada L."}
    ),
    "change_password": Example(
        request={
            "current_password": "a long enough one",
            "new_password": "an even longer one",
        }
    ),
}
