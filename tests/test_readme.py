import re

import pytest


@pytest.fixture(scope="module")
def readme(root) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def commands(readme: str) -> list[str]:
    return [
        line
        for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
        for line in block.strip().splitlines()
    ]


def test_what_ci_runs_is_the_command_of_the_readme(root, readme):
    [tests] = [command for command in commands(readme) if "pytest" in command]
    assert tests in (root / ".ci" / "run").read_text(encoding="utf-8")


def test_every_file_the_readme_names_exists(root, readme):
    named = re.findall(r"(?:fixtures|app|rules|tests|requirements)[\w./-]*\.(?:pdf|md|py|txt)", readme)
    assert [name for name in named if not (root / name).exists()] == []


def test_the_map_is_the_tree(root, readme):
    mapped = " ".join(line.split("|")[1] for line in readme.splitlines() if line.startswith("| `"))
    parts = {
        path.name.removesuffix(".py") for path in (root / "app").iterdir() if not path.name.startswith("_")
    }
    parts |= {
        path.name for path in (root / "app" / "extraction").iterdir() if path.is_dir() and path.name[0] != "_"
    }
    parts -= {"extraction"}
    assert {part for part in parts if part not in mapped} == set()


def test_every_folder_of_the_map_exists(root, readme):
    rows = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]
    folders = [name for row in rows for name in re.findall(r"`([\w/.]+)`", row)]
    assert [name for name in folders if not (root / name).exists()] == []
