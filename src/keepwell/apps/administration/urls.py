from __future__ import annotations

from django.urls import path

from keepwell.apps.administration.views import people, system, teams, tokens

urlpatterns = [
    path("configure/people/", people.people, name="people"),
    path("configure/people/<int:user_id>/", people.person, name="person"),
    path("configure/people/<int:user_id>/deactivate/", people.deactivate, name="deactivate_person"),
    path("configure/people/<int:user_id>/reactivate/", people.reactivate, name="reactivate_person"),
    path("configure/people/<int:user_id>/invite/", people.invite_again, name="invite_person_again"),
    path("configure/teams/", teams.teams, name="teams"),
    path("configure/teams/<int:team_id>/", teams.team, name="team"),
    path("configure/teams/<int:team_id>/remove/", teams.remove_team, name="remove_team"),
    path("configure/tokens/", tokens.all_tokens, name="all_tokens"),
    path("configure/system/", system.system, name="system"),
    path("configure/system/mail/", system.send_mail_again, name="send_mail_again"),
    path("configure/system/jobs/<int:job_id>/again/", system.try_job_again, name="try_job_again"),
    path("me/tokens/", tokens.own_tokens, name="own_tokens"),
    path("me/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
]
