"""What ranking needs to know of one caption, beside the vector of the whole.

Packed it is one BLOB beside the caption: a header, the spans, the sentence vectors and
the token codes, with a checksum, since a wrong order of hits would show nowhere else.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged

TextSpan = tuple[int, int]
"""The first character, and the one behind the last."""
_Spans = tuple[TextSpan, ...] | memoryview

SENTENCE_DIM = 384
"""Of MiniLM; another text model may have another."""
TOKEN_DIM = 64

# magic, version, sentences, tokens, their widths, and the CRC-32 of what follows.
_HEADER = struct.Struct("<4sHHHHHI")
_MAGIC = b"CapP"
_VERSION = 1
_SPAN_BYTES = 8
_MOST_PARTS = 0xFFFF


class CaptionParts:
    """The sentences and content words of one caption.

    `sentences` are spans of the caption's text, `sentence_vectors` float16 (s, dim)
    their vectors of unit length. `words` are the spans of the word pieces that are no
    stop words (pieces of one word share its span), `token_codes` int8 (t, 64) their
    reduced vectors; see index/token_vectors.py. Not to be changed.
    """

    __slots__ = ("_sentences", "_words", "sentence_vectors", "token_codes")

    def __init__(
        self,
        sentences: _Spans,
        sentence_vectors: NDArray[np.float16],
        words: _Spans,
        token_codes: NDArray[np.int8],
    ) -> None:
        """The spans may come as `pack` writes them: of 100 µs that reading a caption
        took, making 75 tuples of them was the most, and few captions are shown."""
        self._sentences = sentences
        self.sentence_vectors = sentence_vectors
        self._words = words
        self.token_codes = token_codes

    @property
    def sentences(self) -> tuple[TextSpan, ...]:
        """The span of each sentence."""
        if isinstance(self._sentences, memoryview):
            self._sentences = _spans(self._sentences)
        return self._sentences

    @property
    def words(self) -> tuple[TextSpan, ...]:
        """The span of each word piece's word."""
        if isinstance(self._words, memoryview):
            self._words = _spans(self._words)
        return self._words

    def pack(self) -> bytes:
        """All of it as bytes: 7 to 11 kB for a caption of 60 to 100 words.

        Raises ValueError when the fields do not fit together.
        """
        counts = len(self.sentences), len(self.words)
        if max(counts) > _MOST_PARTS:
            raise ValueError("a caption has too many parts to be kept")
        dim = self.sentence_vectors.shape[-1]
        if self.sentence_vectors.shape != (counts[0], dim):
            raise ValueError("one vector is needed for each sentence")
        if self.token_codes.shape != (counts[1], TOKEN_DIM):
            raise ValueError("one code of width 64 is needed for each word piece")
        body = b"".join(
            (
                np.array(self.sentences, dtype="<u4").tobytes(),
                np.array(self.words, dtype="<u4").tobytes(),
                self.sentence_vectors.astype("<f2").tobytes(),
                self.token_codes.astype(np.int8).tobytes(),
            )
        )
        head = (_MAGIC, _VERSION, *counts, dim, TOKEN_DIM, zlib.crc32(body))
        return _HEADER.pack(*head) + body

    @classmethod
    def unpack(cls, packed: bytes, dim: int = SENTENCE_DIM) -> CaptionParts:
        """What `pack` was given. The arrays are views, and cannot be written to.

        Raises IndexDamaged when a byte is missing, too many or altered, or the version
        or the width of the sentences' vectors is another.
        """
        sentences, words = _counts(packed, dim)
        body = memoryview(packed)[_HEADER.size :]
        first = _SPAN_BYTES * sentences
        second = first + _SPAN_BYTES * words
        third = second + 2 * dim * sentences
        if len(body) != third + TOKEN_DIM * words:
            raise IndexDamaged("The parts of a caption have an unlikely length.")
        # By offsets: of a slice of a memoryview an array takes longer to make.
        start = _HEADER.size
        vectors = np.frombuffer(packed, "<f2", dim * sentences, start + second)
        codes = np.frombuffer(packed, np.int8, TOKEN_DIM * words, start + third)
        return cls(
            body[:first],
            vectors.reshape(sentences, dim),
            body[first:second],
            codes.reshape(words, TOKEN_DIM),
        )

    @classmethod
    def none(cls, dim: int) -> CaptionParts:
        """The parts of a caption of which nothing but the whole can be compared."""
        vectors = np.zeros((0, dim), dtype=np.float16)
        return cls((), vectors, (), np.zeros((0, TOKEN_DIM), dtype=np.int8))


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuery:
    """A query as the text model sees it.

    `vector` float32 (dim,) of unit length stands for the whole `text`; `token_vectors`
    float32 (t, 64), of unit length, for the word pieces that are no stop words (for all
    if there are no others), and `words` are their spans in `text`. `weights` float32
    (t,), 1 together, say how much of the query's meaning each carries.
    """

    text: str
    vector: NDArray[np.float32]
    words: tuple[TextSpan, ...]
    token_vectors: NDArray[np.float32]
    weights: NDArray[np.float32]

    @property
    def content(self) -> str:
        """The words that `words` are the spans of."""
        return content_of(self.text, self.words)


def content_of(text: str, words: Sequence[TextSpan]) -> str:
    """The words at these spans of the text, with spaces between."""
    return " ".join(text[begin:end] for begin, end in words)


def _counts(packed: bytes, dim: int) -> tuple[int, int]:
    """Sentences and word pieces, after every check of the header."""
    if len(packed) < _HEADER.size:
        raise IndexDamaged("The parts of a caption are cut off.")
    magic, version, sentences, words, *dims, crc = _HEADER.unpack_from(packed)
    if magic != _MAGIC or version != _VERSION or dims != [dim, TOKEN_DIM]:
        raise IndexDamaged("The parts of a caption are of another kind or version.")
    if zlib.crc32(memoryview(packed)[_HEADER.size :]) != crc:
        raise IndexDamaged("The parts of a caption are not as they were written.")
    return sentences, words


def _spans(raw: memoryview) -> tuple[TextSpan, ...]:
    flat = iter(np.frombuffer(raw, dtype="<u4").tolist())
    return tuple(zip(flat, flat, strict=True))
