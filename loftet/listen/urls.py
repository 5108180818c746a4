"""The staff side of the survey, at /arbete/fraga/."""

from django.urls import path

from loftet.listen.views import jobs, letters, questionnaires, sample, waves

app_name = "listen"

overview = [
    path("", waves.waves, name="waves"),
    path("ny/", waves.add_wave, name="add_wave"),
    path("annan/", waves.record_wave, name="record_wave"),
    path("arbete/<int:pk>/", jobs.job, name="job"),
    path("arbete/<int:pk>/stopp/", jobs.stop, name="stop_job"),
]
one_wave = [
    path("<slug:code>/", waves.wave, name="wave"),
    path("<slug:code>/uppgifter/", waves.edit_wave, name="edit_wave"),
    path("<slug:code>/ta-bort/", waves.remove_wave, name="remove_wave"),
    path("<slug:code>/oppna/", waves.open_field, name="open_field"),
    path("<slug:code>/stang/", waves.close_field, name="close_field"),
    path("<slug:code>/forlang/", waves.reopen_field, name="reopen_field"),
    path("<slug:code>/rakna/", waves.count_answers, name="count_answers"),
]
whom = [
    path("<slug:code>/urval/", sample.sample, name="sample"),
    path("<slug:code>/urval/om/", sample.start_over, name="start_over"),
    path("<slug:code>/utskick/", letters.letters, name="letters"),
    path("<slug:code>/utskick/adresser/", letters.take_addresses, name="take_addresses"),
    path("<slug:code>/utskick/ta-bort/", letters.remove_addresses, name="remove_addresses"),
    path("<slug:code>/utskick/<int:pk>/gor/", letters.make_letters, name="make_letters"),
    path("<slug:code>/utskick/<int:pk>/stryk/", letters.drop_mailing, name="drop_mailing"),
    path("<slug:code>/utskick/<int:pk>/<slug:name>/", letters.take_out, name="take_out"),
]
forms = [
    path("formular/", questionnaires.questionnaires, name="questionnaires"),
    path("formular/<slug:code>/<int:version>/", questionnaires.questionnaire, name="questionnaire"),
    path("formular/<slug:code>/<int:version>/ny-version/", questionnaires.renew, name="renew"),
    path("formular/<slug:code>/<int:version>/ta-bort/", questionnaires.remove, name="remove"),
    path("formular/<slug:code>/<int:version>/ny-sida/", questionnaires.add_page, name="add_page"),
    path(
        "formular/<slug:code>/<int:version>/fil.<slug:kind>", questionnaires.export, name="export"
    ),
    path(
        "formular/<slug:code>/<int:version>/sida/<slug:page>/",
        questionnaires.edit_page,
        name="edit_page",
    ),
    path(
        "formular/<slug:code>/<int:version>/sida/<slug:page>/ny-fraga/",
        questionnaires.add_question,
        name="add_question",
    ),
    path(
        "formular/<slug:code>/<int:version>/sida/<slug:page>/<slug:to>/",
        questionnaires.move_page,
        name="move_page",
    ),
    path(
        "formular/<slug:code>/<int:version>/fraga/<slug:question>/",
        questionnaires.edit_question,
        name="edit_question",
    ),
    path(
        "formular/<slug:code>/<int:version>/fraga/<slug:question>/<slug:to>/",
        questionnaires.move_question,
        name="move_question",
    ),
]

urlpatterns = overview + forms + one_wave + whom
