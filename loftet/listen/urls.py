"""The staff side of the survey, at /arbete/fraga/."""

from django.urls import path

from loftet.listen.views import (
    coding,
    jobs,
    letters,
    margins,
    monitor,
    paper,
    questionnaires,
    results,
    sample,
    waves,
)

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
field = [
    path("<slug:code>/falt/", monitor.monitor, name="monitor"),
    path("<slug:code>/falt/ater/", monitor.note_outcomes, name="note_outcomes"),
    path("<slug:code>/befolkning/", margins.margins, name="margins"),
    path("<slug:code>/befolkning/<str:variable>/", margins.margin, name="margin"),
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
outcome = [
    path("<slug:code>/resultat/", results.results, name="results"),
    path("<slug:code>/resultat/rakna/", results.compile_results, name="compile_results"),
    path("<slug:code>/resultat/frys/", results.freeze_results, name="freeze_results"),
    path("<slug:code>/resultat/fragor/<slug:page>/", results.theme, name="results_theme"),
    path("<slug:code>/resultat/omraden/", results.areas, name="results_areas"),
    path("<slug:code>/resultat/platser/", results.places, name="results_places"),
    path("<slug:code>/resultat/forandring/", results.changes, name="results_changes"),
    path("<slug:code>/resultat/metod/", results.method, name="results_method"),
    path("<slug:code>/resultat/fil/<slug:name>/", results.export, name="export_results"),
    path("<slug:code>/resultat/svar/", results.take_rows, name="take_rows"),
]
typed = [
    path("<slug:code>/papper/", paper.paper, name="paper"),
]
own_words = [
    path("<slug:code>/oppna-svar/", coding.coding, name="coding"),
    path("<slug:code>/oppna-svar/ta-fram/", coding.take_out_texts, name="take_out_texts"),
    path("<slug:code>/oppna-svar/<slug:question>/", coding.question, name="coding_question"),
    path("<slug:code>/oppna-svar/<slug:question>/las/", coding.read_next, name="read_texts"),
    path("<slug:code>/oppna-svar/<slug:question>/las/<int:pk>/", coding.read, name="read_text"),
    path("<slug:code>/oppna-svar/<slug:question>/teman/", coding.codebook, name="codebook"),
    path("<slug:code>/oppna-svar/<slug:question>/teman/<int:pk>/", coding.theme, name="theme"),
    path(
        "<slug:code>/oppna-svar/<slug:question>/teman/<int:pk>/ta-bort/",
        coding.remove_theme,
        name="remove_theme",
    ),
    path("<slug:code>/oppna-svar/<slug:question>/koda/", coding.code_next, name="code_texts"),
    path("<slug:code>/oppna-svar/<slug:question>/koda/<int:pk>/", coding.code, name="code_text"),
    path("<slug:code>/oppna-svar/<slug:question>/avgor/", coding.settle_next, name="settle_texts"),
    path("<slug:code>/oppna-svar/<slug:question>/citat/", coding.quotes, name="quotes"),
]

urlpatterns = overview + forms + one_wave + field + whom + typed + outcome + own_words
