"""The child processes that decode pictures, so that a killer file kills one child.

A child has a limit of memory and of time, low priority, and neither the catalogue nor
a model in its hands. What it does for one file is one function, `decode_file`.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from album.decoder_child import Task, do_task, prepare_child
from album.decoder_errand import Errand
from album.errors import PictureError
from album.pictures import decode_file, hash_only
from album.pictures_file import CHANGED, DecodedFile

__all__ = ["CHANGED", "DecodedFile", "Decoder", "Task"]

_log = logging.getLogger(__name__)

_FILES_PER_CHILD = 1000  # then it is replaced: what a C library leaks stays little
_CHECK_S = 5.0  # how often whoever waits looks whether the pool still works
_STOP_S = 10.0  # a child that ignores SIGTERM is killed after 3 s


class Decoder:
    """A pool of children, started at the first file. May be used by many threads.

    `workers` children, each with `memory_mb` MiB above what it needs to start, and
    `timeout_s` seconds for one file.
    """

    def __init__(
        self,
        workers: int = 2,
        memory_mb: int = 1024,
        timeout_s: float = 30.0,
        task: Task = decode_file,
    ) -> None:
        self._workers = workers
        self._memory_mb = memory_mb
        self._timeout_s = timeout_s
        self._task = task
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._waiting: set[Future[DecodedFile]] = set()
        self._closed = False

    def __enter__(self) -> Decoder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: Path) -> DecodedFile:
        """Hash and decode one file; an error once the decoder is closed."""
        for decoded in self._run(self._task, (path,)):
            return decoded
        return DecodedFile(path, error=PictureError("The album is being closed."))

    def read_many(self, paths: Iterable[Path]) -> Iterator[DecodedFile]:
        """Hash and decode files, answers as they are ready, one for every path.

        Takes from `paths` no faster than it works: 2 × `workers` files are under way.
        Ends early, without an error, when the decoder is closed.
        """
        return self._run(self._task, paths)

    def hash_many(self, paths: Iterable[Path]) -> Iterator[DecodedFile]:
        """Only hash files: a picture that was moved need not be decoded again."""
        return self._run(hash_only, paths)

    def close(self) -> None:
        """Kill the children; whoever waits for an answer is told that none comes."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
            waiting = list(self._waiting)
        if pool is not None:
            _stop(pool)
        for future in waiting:
            future.cancel()

    def _run(self, task: Task, paths: Iterable[Path]) -> Iterator[DecodedFile]:
        ready: SimpleQueue[Future[DecodedFile]] = SimpleQueue()
        under_way: dict[Future[DecodedFile], Errand] = {}
        coming = iter(paths)
        try:
            while True:
                while len(under_way) < 2 * self._workers:
                    path = next(coming, None)
                    if path is None:
                        break
                    self._send(Errand(path, task), ready, under_way)
                if not under_way:
                    return
                future = self._next(ready)
                errand = under_way.pop(future)
                answer = self._answer(future, errand)
                if answer is None:
                    self._send(errand, ready, under_way)
                else:
                    yield answer
        except CancelledError:
            if not self._closed:
                raise
        finally:
            for future in under_way:
                future.cancel()
            with self._lock:
                self._waiting.difference_update(under_way)

    def _send(
        self,
        errand: Errand,
        ready: SimpleQueue[Future[DecodedFile]],
        under_way: dict[Future[DecodedFile], Errand],
    ) -> None:
        with self._lock:
            if self._closed:
                raise CancelledError
            try:
                future = self._schedule(errand)
            except RuntimeError:  # the pool broke in this very moment
                future = self._schedule(errand)
            self._waiting.add(future)
        under_way[future] = errand
        future.add_done_callback(ready.put)

    def _schedule(self, errand: Errand) -> Future[DecodedFile]:
        self._drop_broken_pool()
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=_FILES_PER_CHILD,
                initializer=prepare_child,
                initargs=(self._memory_mb * 1024**2,),
                # A forked child would inherit locks that the parent's threads hold.
                context=multiprocessing.get_context("spawn"),
            )
        future: Future[DecodedFile] = self._pool.schedule(
            do_task,
            args=(errand.task, errand.path, self._timeout_s),
            timeout=self._timeout_s,
        )
        return future

    def _next(self, ready: SimpleQueue[Future[DecodedFile]]) -> Future[DecodedFile]:
        """The next finished future; never waits for a pool that broke down."""
        while True:
            try:
                return ready.get(timeout=_CHECK_S)
            except Empty:
                with self._lock:
                    self._drop_broken_pool()

    def _drop_broken_pool(self) -> None:
        """Needs the lock. Files that a broken pool forgot are told of it."""
        if self._pool is None or self._pool.active:
            return
        _log.warning("the decoding processes broke down and are started again")
        pool, self._pool = self._pool, None
        _stop(pool)
        for future in list(self._waiting):
            with suppress(InvalidStateError):  # it was answered already
                future.set_exception(BrokenProcessPool("the pool broke down"))

    def _answer(
        self, future: Future[DecodedFile], errand: Errand
    ) -> DecodedFile | None:
        """The answer for one file, or None if its errand has to go on."""
        with self._lock:
            self._waiting.discard(future)
        try:
            return errand.complete(future.result())
        except CancelledError:
            raise
        except TimeoutError:
            return errand.fail(
                f"The picture took longer than {self._timeout_s:g} seconds to open."
            )
        except ProcessExpired as error:
            _log.info("a decoding process died of %r: %s", str(errand.path), error)
            return errand.fail("The picture makes the program that opens it crash.")
        except MemoryError:
            return errand.fail(
                "The picture needs more memory to open than the album allows."
            )
        except BrokenProcessPool:
            return errand.again()
        except Exception:  # noqa: BLE001
            # A fault of ours within the child must not cost the files behind this one.
            _log.exception("decoding %r failed", str(errand.path))
            return errand.fail("The picture cannot be opened.")


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    try:
        pool.join(_STOP_S)
    except (RuntimeError, TimeoutError, OSError):
        _log.exception("the decoding processes could not be stopped in order")
