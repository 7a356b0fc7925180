"""How often the summary comes."""

from django import forms

from governance.models import DigestChoice


class DigestForm(forms.ModelForm):
    """Choose a rhythm."""

    class Meta:
        model = DigestChoice
        fields = ["rhythm"]
        widgets = {"rhythm": forms.RadioSelect}
