# The gateway as an image: Node runs the TypeScript as it stands; the admin center's page is built.
FROM node:24-slim
WORKDIR /srv/sip-gateway
COPY package.json package-lock.json tsconfig.json .npmrc ./
RUN npm ci --omit=dev
COPY scripts ./scripts
COPY admin-center ./admin-center
RUN node scripts/build-admin-center.mjs
COPY sip ./sip
COPY provisioning-http ./provisioning-http
COPY src ./src
ENV NODE_ENV=production DATA_DIR=/var/lib/sip-gateway ADMIN_BIND_ADDRESS=0.0.0.0
RUN mkdir -p "$DATA_DIR" && chown node:node "$DATA_DIR"
VOLUME /var/lib/sip-gateway
USER node
# SIP over UDP and TCP; HTTP for phones; admin API and metrics; sound of the gateway's own.
EXPOSE 5060/udp 5060/tcp 8080/tcp 8081/tcp 49152-49251/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.ADMIN_PORT || 8081) + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
