from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

# The answer pages speak more languages than the site, and choose them themselves.
urlpatterns: list[URLPattern | URLResolver] = [path("enkat/", include("loftet.listen.public_urls"))]
urlpatterns += i18n_patterns(
    path("", include("loftet.publish.urls")),
    path("konto/", include("allauth.urls")),
    path("komponenter/", include("loftet.ui.urls")),
    path("arbete/", include("loftet.desk.urls")),
    path("arbete/fraga/", include("loftet.listen.urls")),
    path("arbete/lagesbild/", include("loftet.map.urls")),
    path("arbete/loften/", include("loftet.promise.urls")),
    path("arbete/uppfoljning/", include("loftet.followup.urls")),
    path("arbete/publicering/", include("loftet.publish.staff_urls")),
    prefix_default_language=False,
)
