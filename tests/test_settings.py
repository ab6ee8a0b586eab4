import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Misconfigured
from app.settings import Settings, load, restored, stored, unknown


def test_nothing_set_gives_the_defaults():
    assert load({}) == Settings()


def test_every_kind_of_value_is_read_from_the_environment():
    settings = load(
        {
            "SPUNTA_PORT": " 81 ",
            "SPUNTA_DATA": "/srv/spunta",
            "SPUNTA_RULES": "mine, theirs,",
            "SPUNTA_WEBHOOK_PRIVATE": "true",
            "SPUNTA_TIMEOUT": "2.5",
            "SPUNTA_POLICY": "policy.toml",
            "SPUNTA_LOG_FORMAT": "json",
        }
    )
    assert (settings.port, str(settings.data), settings.rules) == (81, "/srv/spunta", ("mine", "theirs"))
    assert (settings.webhook_private, settings.timeout, str(settings.policy)) == (True, 2.5, "policy.toml")
    assert settings.log_format == "json"


def test_an_empty_policy_is_none():
    assert load({"SPUNTA_POLICY": ""}).policy is None


def test_an_option_wins_over_its_variable_and_none_does_not():
    assert load({"SPUNTA_PORT": "81", "SPUNTA_HOST": "::1"}, port=82, host=None) == Settings(
        port=82, host="::1"
    )


@pytest.mark.parametrize(
    ("variable", "text", "sentence"),
    [
        ("SPUNTA_PORT", "x", "SPUNTA_PORT must be a port number, 0 to 65535."),
        ("SPUNTA_PORT", "65536", "SPUNTA_PORT must be a port number, 0 to 65535."),
        ("SPUNTA_WORKERS", "-1", "SPUNTA_WORKERS must be a whole number, 0 or more."),
        ("SPUNTA_TIMEOUT", "0", "SPUNTA_TIMEOUT must be a number of seconds above 0."),
        ("SPUNTA_LOG_LEVEL", "loud", "SPUNTA_LOG_LEVEL must be one of debug, info, warning, error."),
        ("SPUNTA_WEBHOOK_PRIVATE", "maybe", "SPUNTA_WEBHOOK_PRIVATE must be true or false."),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence_without_the_value(variable, text, sentence):
    with pytest.raises(Misconfigured) as told:
        load({variable: text})
    assert str(told.value) == sentence


def test_a_wrong_option_is_told_as_its_variable():
    with pytest.raises(Misconfigured, match="SPUNTA_PORT"):
        load({}, port=-1)


@given(st.sampled_from(sorted(Settings.__struct_fields__)), st.text(max_size=20))
def test_any_text_is_a_setting_or_a_sentence(name, text):
    variable = f"SPUNTA_{name.upper()}"
    try:
        told = load({variable: text})
    except Misconfigured as refused:
        told = str(refused)
    assert isinstance(told, Settings) or told.startswith(f"{variable} must be ")


def test_variables_that_are_no_settings_are_named():
    assert unknown({"SPUNTA_PROT": "1", "SPUNTA_PORT": "1", "HOME": "/"}) == ["SPUNTA_PROT"]


def test_settings_survive_the_way_to_another_process():
    settings = load({"SPUNTA_RULES": "mine", "SPUNTA_POLICY": "p.toml", "SPUNTA_DATA": "/srv/x y"})
    assert restored(stored(settings)) == settings
    assert b"\n" not in stored(settings)
