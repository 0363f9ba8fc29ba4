"""Where things lie in the store: the catalog, the models, the generations and which of them is in use."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from errors import FouError
from settings import Settings
from whole import sha256, to_disk, write


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of. `model` is the fingerprint of the encoder, `form` of the indexed texts.

    `store` is that of the catalog (see catalog.identity), `files` the size and the SHA-256 of each file by its path in the
    folder; both are empty in generations of earlier versions.
    """

    generation: int
    model: str
    form: str
    reports: int
    passages: int
    store: str = ""
    files: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one store. `models` may be another store's."""

    root: Path
    models: Path

    @classmethod
    def of(cls, settings: Settings) -> Layout:
        return cls(settings.folders.store, settings.folders.store / "models")

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.sqlite"

    @property
    def lists(self) -> Path:
        """What users have put together. The one file here that can't be made again."""
        return self.root / "lists.sqlite"

    @property
    def feed(self) -> Path:
        """The newest reports, as an Atom feed."""
        return self.root / "feed.atom"

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    def generation(self, number: int) -> Path:
        return self.generations / str(number)

    @property
    def pointer(self) -> Path:
        return self.root / "current"

    def current(self) -> int:
        """The number of the generation in use; 0 before the first."""
        try:
            return int(self.pointer.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def manifest(self, number: int) -> Manifest | None:
        """The manifest of a generation, or None where there is no whole one."""
        try:
            return Manifest(**json.loads((self.generation(number) / "manifest.json").read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def whole(self, manifest: Manifest) -> bool:
        """Whether the files of a generation are there in their sizes; quick, for their content is not read."""
        folder = self.generation(manifest.generation)
        return all((folder / name).is_file() and (folder / name).stat().st_size == n for name, (n, _) in manifest.files.items())

    def switch(self, work: Path, manifest: Manifest) -> None:
        """Puts the finished folder `work` in use. Readers see either the old generation or the new, never a half."""
        files = sorted(path for path in work.rglob("*") if path.is_file() and path.name != "manifest.json")
        sums = {path.relative_to(work).as_posix(): (path.stat().st_size, sha256(path)) for path in files}
        (work / "manifest.json").write_text(json.dumps(asdict(replace(manifest, files=sums))), encoding="utf-8")
        for path in (*work.rglob("*"), work):
            to_disk(path)  # before the switch, so that a power cut can't leave it pointing at half a generation
        target = self.generation(manifest.generation)
        shutil.rmtree(target, ignore_errors=True)  # left by a run that was stopped before it switched
        work.rename(target)
        to_disk(self.generations)
        write(self.pointer, f"{manifest.generation}\n")

    def sweep(self, keep: set[int]) -> None:
        """Removes generations that nobody reads, and what stopped runs left behind."""
        if self.generations.is_dir():
            for folder in self.generations.iterdir():
                if not (folder.name.isdigit() and int(folder.name) in keep):
                    shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held by the one writer. FouError where another process has it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise FouError(
                    f"En annen kjøring skriver i {self.root}; vent til den er ferdig, eller oppgi en annen mappe med --store."
                ) from error
            yield
