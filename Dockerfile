# cuecast with a human voice, computed in the container: docs/automation.md shows how to render, batch and serve with it.
FROM python:3.12-slim
COPY . /source
RUN pip install --no-cache-dir '/source[neural]' && rm -rf /source && cuecast doctor
# What was spoken is kept in /cache, routines and tracks are in /work: mount both.
ENV CUECAST_CACHE=/cache
VOLUME /cache
WORKDIR /work
ENTRYPOINT ["cuecast"]
CMD ["--help"]
