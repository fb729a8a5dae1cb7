# The image ghcr.io/migrate-lint/migrate-lint. From a clone: scripts/pack.sh release && docker build --tag migrate-lint .

FROM node:24-alpine@sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43 AS installed
WORKDIR /migrate-lint
COPY package-lock.json release/migrate-lint-*.tgz ./
# The packed package as the registry has it, with the versions and sums of the lock file. What only the build needs is not even looked at.
RUN tar -xzf migrate-lint-*.tgz --strip-components=1 && rm migrate-lint-*.tgz
RUN npm pkg delete devDependencies overrides && npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm package-lock.json

FROM node:24-alpine@sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43
RUN apk add --no-cache git
# A mounted repository belongs to somebody else than the user in here. Nothing else runs in here, and migrate-lint lets git start nothing that
# the configuration of a repository names.
RUN git config --system --add safe.directory '*'
COPY --from=installed /migrate-lint /opt/migrate-lint
RUN ln -s /opt/migrate-lint/dist/cli.js /usr/local/bin/migrate-lint
USER node
WORKDIR /repo
ENTRYPOINT ["migrate-lint"]
