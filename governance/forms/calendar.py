"""What one's own calendar holds."""

from django import forms

from governance.models import CalendarAddress


class CalendarForm(forms.ModelForm):
    """Choose what the calendar holds."""

    class Meta:
        model = CalendarAddress
        fields = ["content"]
        widgets = {"content": forms.RadioSelect}
