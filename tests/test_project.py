"""The project keeps its own promises: where things live, what is public, what is committed."""

import ast
import importlib
import importlib.metadata
import inspect
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("scenarios", "optimizer", "simulation", "evenfield")
FOLDERS = {*PACKAGES, "notebooks", "tests", "benchmarks", "docs"}
MOST_LINES = 400
COMPANIONS = {
    "markupsafe",
    "pydantic_core",
}  # parts of jinja2 and pydantic, which alone choose their versions


@pytest.fixture(scope="module")
def tracked():
    """Every committed or staged file that is still there, as a path from the root."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode != 0:
        pytest.skip("not a git checkout, so nothing says which files belong to the project")
    return [path for name in listing.stdout.split("\0") if name and (ROOT / (path := Path(name))).exists()]


@pytest.fixture(scope="module")
def sources():
    """Our modules: path from the root -> text."""
    return {
        path.relative_to(ROOT): path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_house_has_its_rooms_and_no_others(tracked):
    folders = {path.parts[0] for path in tracked if len(path.parts) > 1}
    assert folders >= {*PACKAGES, "notebooks", "tests"}
    assert {name for name in folders if not name.startswith(".")} <= FOLDERS


def test_license_and_notice_are_there_and_declared(project):
    assert project["license"] == "MIT"
    for name in project["license-files"]:
        assert "Evenfield contributors" in (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_the_same_wherever_it_stands(project):
    evenfield = importlib.import_module("evenfield")
    assert evenfield.__version__ == project["version"] == importlib.metadata.version("evenfield")
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_file_knows_the_folders_of_the_machine_it_was_written_on(tracked):
    folder = re.compile(r"(?<![\w./~])/(?:home|root|tmp|work|Users)/", re.IGNORECASE)
    found = []
    for path in tracked:
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or another binary file
        found += [f"{path}:{n}" for n, line in enumerate(text.splitlines(), 1) if folder.search(line)]
    assert found == []


def test_the_lock_file_names_versions_and_no_host(project):
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [pin for line in lines if (pin := line.partition("#")[0].strip())]
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", pin)] == []
    assert [line for line in lines if "://" in line or "index" in line.partition("#")[0]] == []

    wanted = names_in(project["dependencies"], *project["optional-dependencies"].values())
    assert wanted <= {pin.partition("==")[0] for pin in pins}


def test_every_package_a_module_imports_is_declared(project, sources):
    declared = names_in(project["dependencies"])
    provided_by = importlib.metadata.packages_distributions()
    undeclared = set()
    for path, text in sources.items():
        for name in imported_packages(text) - sys.stdlib_module_names - {*PACKAGES, *COMPANIONS}:
            if not {distribution.lower() for distribution in provided_by.get(name, [])} & declared:
                undeclared.add(f"{path}: {name}")
    assert undeclared == set()


def names_in(*requirements):
    """Give the bare names of requirements such as `numpy>=2.3`."""
    return {re.match(r"[\w-]+", requirement)[0] for some in requirements for requirement in some}


def imported_packages(text):
    """Give the packages a module cannot do without; an import it tries and answers for is optional."""
    found = set()
    waiting = [ast.parse(text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.partition(".")[0])
        elif not (isinstance(node, ast.Try) and any(map(answers_for_an_import, node.handlers))):
            waiting += ast.iter_child_nodes(node)
    return found


def answers_for_an_import(handler):
    return isinstance(handler.type, ast.Name) and handler.type.id in ("ImportError", "ModuleNotFoundError")


def test_a_tried_import_is_optional():
    tried = "import numpy as np\ntry:\n    import zipcodes\nexcept ModuleNotFoundError:\n    pass\n"
    assert imported_packages(tried) == {"numpy"}


def test_notebooks_are_stored_without_output(tracked):
    notebooks = [path for path in tracked if path.suffix == ".ipynb"]
    assert notebooks
    for path in notebooks:
        cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
        shown = [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
        assert shown == [], f"{path}: clear the outputs of all cells"


def test_charts_of_notebooks_are_on_exported_pages_too(tracked):
    notebooks = [path for path in tracked if path.suffix == ".ipynb"]
    for path in notebooks:
        cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
        first = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        assert 'plotly.io.renderers.default = "plotly_mimetype+notebook"' in first, path


def test_no_module_is_a_drawer_for_everything_or_hides_a_standard_one(sources):
    drawers = {"utils", "util", "helpers", "common", "misc", "manager", "core", "base"}
    names = {path: path.stem for path in sources if path.stem not in ("__init__", "__main__")}
    assert [str(path) for path, name in names.items() if name in drawers | sys.stdlib_module_names] == []


def test_no_module_is_too_long_to_hold_one_concept(sources):
    assert [str(path) for path, text in sources.items() if len(text.splitlines()) > MOST_LINES] == []


def test_tests_are_no_package_so_that_they_hide_no_real_one():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_explains_itself(package):
    module = importlib.import_module(package)
    silent = []
    for name in module.__all__:
        thing = getattr(module, name)
        speaks = inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing)
        if speaks and not (vars(thing).get("__doc__") if inspect.isclass(thing) else inspect.getdoc(thing)):
            silent.append(name)
    assert module.__doc__
    assert silent == []
