"""Addresses of signals."""

from django.urls import path

from cities.views.signals import after, answer, cosign, draft, record, register

urlpatterns = [
    path("signalen/", register.signal_list, name="signals"),
    path("signalen/signalen.csv", register.download_csv, name="signals_csv"),
    path("signalen/signalen.xlsx", register.download_xlsx, name="signals_xlsx"),
    path("signalen/reactietijden/", register.times, name="signal_times"),
    path("signalen/bord/", register.board, name="signal_board"),
    path("signalen/nieuw/", draft.new, name="signal_new"),
    path("signalen/<pid:public_id>/", record.record, name="signal"),
    path("signalen/<pid:public_id>/bewerken/", draft.edit, name="signal_edit"),
    path("signalen/<pid:public_id>/bewaren/", draft.autosave, name="signal_autosave"),
    path("signalen/<pid:public_id>/versturen/", draft.send, name="signal_send"),
    path("signalen/<pid:public_id>/weggooien/", draft.discard, name="signal_discard"),
    path("signalen/<pid:public_id>/medeondertekenaars/", cosign.ask, name="signal_ask_cosigners"),
    path("signalen/<pid:public_id>/meetekenen/", cosign.sign, name="signal_cosign"),
    path("signalen/<pid:public_id>/niet-meetekenen/", cosign.decline, name="signal_cosign_decline"),
    path("signalen/<pid:public_id>/handtekening-intrekken/", cosign.withdraw, name="signal_cosign_withdraw"),
    path("signalen/<pid:public_id>/ontvangen/", answer.receive, name="signal_receive"),
    path("signalen/<pid:public_id>/beantwoorden/", answer.answer, name="signal_answer"),
    path("signalen/<pid:public_id>/doorverwijzen/", answer.refer, name="signal_refer"),
    path("signalen/<pid:public_id>/eigenaar/", answer.name_owner, name="signal_name"),
    path("signalen/<pid:public_id>/aanvullen/", answer.add, name="signal_add"),
    path("signalen/<pid:public_id>/reageren/", after.react, name="signal_react"),
    path("signalen/<pid:public_id>/stappen/", after.step, name="signal_step"),
    path("signalen/<pid:public_id>/stappen/<int:pk>/", after.step_done, name="signal_step_done"),
    path("signalen/<pid:public_id>/afronden/", after.close, name="signal_close"),
    path("signalen/<pid:public_id>/heropenen/", after.reopen, name="signal_reopen"),
    path("signalen/<pid:public_id>/intrekken/", after.withdraw, name="signal_withdraw"),
    path("signalen/<pid:public_id>/openbaar/", after.publish, name="signal_publish"),
]
