"""Whose role a row of a variant is, as data: it was read from the names in the texts."""

import django.contrib.postgres.fields
from django.db import migrations, models

ORGANISATIONS = {'BZK (sinds 2024 VRO)': ['bzk', 'vro'], 'EZK (sinds 2024 KGG)': ['ezk', 'kgg'], 'IenW': ['ienw'], 'LNV (sinds 2024 LVVN)': ['lvvn'], 'OCW': ['ocw'], 'RVO': ['rvo'], 'VNG': ['vng'], 'IPO': ['ipo'], 'TNO': ['tno'], 'Platform31': ['platform31'], 'Kenniscentrum Europa Decentraal': ['europa-decentraal'], 'Universiteiten en hogescholen': ['unl', 'vh'], 'Financiële instellingen (BNG, NWB, PrimeVest)': ['bng', 'nwb', 'primevest'], 'Bedrijven en brancheorganisaties (FME, VNO-NCW)': ['fme', 'vno-ncw']}
GROUPS = {'Provincies': ['province'], 'Financiële instellingen (BNG, NWB, PrimeVest)': ['financial'], 'Bedrijven en brancheorganisaties (FME, VNO-NCW)': ['company'], 'Onafhankelijke organisatie': ['independent']}


def tell(apps, schema_editor):
    """Fill in what reference data said by name; rows that somebody added name nobody yet."""
    role = apps.get_model("governance", "VariantRole")
    for name in {*ORGANISATIONS, *GROUPS}:
        role.objects.filter(organisation_nl=name).update(
            organisation_codes=ORGANISATIONS.get(name, []), organisation_groups=GROUPS.get(name, [])
        )


class Migration(migrations.Migration):
    dependencies = [("governance", "0045_privacy_requests")]

    operations = [
        migrations.AddField(
            "variantrole",
            "organisation_codes",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            "variantrole",
            "organisation_groups",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=20), blank=True, default=list, size=None
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
