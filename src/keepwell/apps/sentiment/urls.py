from __future__ import annotations

from django.urls import path

from keepwell.apps.sentiment.views import classifier, voice

urlpatterns = [
    path("voice/", voice.voice, name="voice"),
    path("voice/phrases/", voice.phrases, name="voice_phrases"),
    path("voice/measures/", voice.measures, name="voice_measures"),
    path("voice/<int:judgement_id>/sentiment/", voice.correct, name="say_sentiment"),
    path("configure/sentiment/", classifier.classifier, name="classifier"),
]
