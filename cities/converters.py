"""Path converters of the cities app."""


class MunicipalityCodeConverter:
    """`<gm:code>`: a CBS code in any case; the view sends small letters on to capitals."""

    regex = r"[Gg][Mm]\d{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
