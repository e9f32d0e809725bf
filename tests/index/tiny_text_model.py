"""Makes a real sentence-transformers folder of a tiny BERT with random weights and a
vocabulary of its own. It knows nothing: texts that share words are near, no more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_TEXT = (
    "a an the dog cat horse beach sofa mountain snow bus red brown grey runs sleeps "
    "stands on in at along sunset lamp house city child plays with ball . , : "
    "query passage kitchen table lake boat old young green tree"
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def make_text_model(
    folder: Path,
    *,
    seed: int,
    width: int = 32,
    pieces: int = 64,
    prompts: Mapping[str, str] | None = None,
) -> Path:
    """Two layers, `width` wide, at most `pieces` word pieces; the same seed makes the
    same weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import (
        Normalize,
        Pooling,
        Transformer,
    )
    from transformers import BertConfig, BertModel

    base = folder.with_name(folder.name + "-base")
    tokens = [
        *_SPECIAL,
        *_TEXT.split(),
        *_LETTERS,
        *(f"##{letter}" for letter in _LETTERS),
    ]
    vocabulary = {token: n for n, token in enumerate(dict.fromkeys(tokens))}
    _save_tokenizer(base, vocabulary, pieces)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=2 * width,
        max_position_embeddings=pieces,
        # Ten times the usual, so that different words are different vectors.
        initializer_range=0.2,
    )
    BertModel(config).save_pretrained(base)
    modules = [Transformer(str(base)), Pooling(width, "mean"), Normalize()]
    model = SentenceTransformer(
        modules=modules, device="cpu", prompts=dict(prompts or {})
    )
    model.save(str(folder))
    return folder


def _save_tokenizer(folder: Path, vocabulary: dict[str, int], pieces: int) -> None:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")],
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=pieces,
    )
    fast.save_pretrained(folder)
