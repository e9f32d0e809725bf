# Smart Album in a container.
#
#   docker build -t smart-album .
#   docker run --rm -p 127.0.0.1:7860:7860 \
#     -v ~/Pictures:/photos:ro -v smart-album:/data smart-album
#
# CUDA:  docker build --build-arg VARIANT=cuda …   and   docker run --gpus all …
# A smaller CPU image: --build-arg TORCH_INDEX=<the index of PyTorch's CPU builds>.
FROM python:3.11-slim-bookworm

ARG VARIANT=cpu
ARG TORCH_INDEX=""

# The NVIDIA runtime reads these; without a GPU they mean nothing.
ENV NVIDIA_VISIBLE_DEVICES=${VARIANT:+all} \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1

WORKDIR /app

# The requirements alone first: a change of the program does not install them again.
COPY requirements.txt ./
RUN if [ "$VARIANT" = cpu ] && [ -n "$TORCH_INDEX" ]; then \
      pip install --index-url "$TORCH_INDEX" "$(grep '^torch' requirements.txt)"; \
    fi \
 && pip install -r requirements.txt

COPY app.py settings.py setting_values.py ./
COPY album ./album
COPY index ./index
COPY ui ./ui
COPY cli ./cli
COPY demo ./demo

# Not root, and not the owner of the code: the program cannot change itself.
RUN useradd --system --uid 10001 --home-dir /data album \
 && mkdir -p /data /photos \
 && chown album /data
USER album
ENV HOME=/data \
    ALBUM_DATA=/data/album

# /photos is to be mounted read-only; the catalogue, uploads and models live in /data.
VOLUME ["/data", "/photos"]
EXPOSE 7860

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/health', timeout=4)"]

# Inside the container the page listens on every address; what reaches it is decided by
# -p above, which publishes it to this machine only.
CMD ["python", "app.py", "serve", "/photos", "--host", "0.0.0.0", "--expose"]
