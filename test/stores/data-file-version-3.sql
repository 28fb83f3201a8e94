-- What the gateway wrote before it logged the versions of policies (schema version 3), as dumped from its data file.
BEGIN TRANSACTION;
CREATE TABLE accounts (
    authentication_name TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    aor TEXT NOT NULL,
    mac_address TEXT,
    document TEXT NOT NULL
  );
CREATE TABLE binding_journal (
    sequence INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    aor TEXT NOT NULL,
    bindings TEXT NOT NULL
  );
CREATE TABLE calling_policies (
    tenant_id TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (tenant_id, folded_name)
  ) WITHOUT ROWID;
INSERT INTO "calling_policies" VALUES('11111111-2222-4333-8444-555555555555','global','Global',1,1768478400000,'{"allowSipDevicesCalling":true,"allowPrivateCalling":true,"allowCallForwardingToUser":true,"allowCallForwardingToPhone":true,"allowVoicemail":true,"allowCallRedirect":true,"busyOnBusy":false,"musicOnHold":true}');
INSERT INTO "calling_policies" VALUES('11111111-2222-4333-8444-555555555555','lobby ä','Lobby Ä',2,1768478400005,'{"allowSipDevicesCalling":true,"allowPrivateCalling":true,"allowCallForwardingToUser":true,"allowCallForwardingToPhone":true,"allowVoicemail":true,"allowCallRedirect":true,"busyOnBusy":true,"musicOnHold":true}');
CREATE TABLE commands (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    sent_at INTEGER,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address, number)
  ) WITHOUT ROWID;
CREATE TABLE conditional_access (
    tenant_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
  );
CREATE TABLE device_events (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address, number)
  ) WITHOUT ROWID;
CREATE TABLE devices (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    search_text TEXT NOT NULL,
    document TEXT NOT NULL, upn TEXT,
    PRIMARY KEY (tenant_id, mac_address)
  );
CREATE TABLE identity_state (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    alias TEXT,
    grant_id TEXT,
    expires_at INTEGER NOT NULL,
    consumed_at INTEGER,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  );
CREATE TABLE sign_ins (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    node_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address)
  ) WITHOUT ROWID;
CREATE TABLE tenants (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
  );
INSERT INTO "tenants" VALUES(1,'11111111-2222-4333-8444-555555555555','{"id":"11111111-2222-4333-8444-555555555555","name":"Contoso","domain":"contoso.example"}');
CREATE TABLE users (
    tenant_id TEXT NOT NULL,
    upn TEXT NOT NULL,
    phone_number TEXT,
    document TEXT NOT NULL, search_text TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, upn)
  );
CREATE TABLE verification_codes (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    code TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    wrong_tries INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, mac_address)
  ) WITHOUT ROWID;
CREATE TABLE wrong_tries (
    id INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    address TEXT NOT NULL,
    at INTEGER NOT NULL
  );
CREATE INDEX devices_by_state ON devices (tenant_id, state, mac_address);
CREATE INDEX verification_codes_by_expiry ON verification_codes (expires_at);
CREATE INDEX wrong_tries_by_tenant ON wrong_tries (tenant_id, at, address);
CREATE INDEX wrong_tries_by_device ON wrong_tries (tenant_id, mac_address);
CREATE INDEX wrong_tries_by_time ON wrong_tries (at);
CREATE INDEX accounts_by_aor ON accounts (tenant_id, aor);
CREATE INDEX accounts_by_device ON accounts (tenant_id, mac_address) WHERE mac_address IS NOT NULL;
CREATE INDEX users_by_phone_number ON users (tenant_id, phone_number, upn)
    WHERE phone_number IS NOT NULL;
CREATE INDEX identity_state_by_alias ON identity_state (kind, alias) WHERE alias IS NOT NULL;
CREATE INDEX identity_state_by_grant ON identity_state (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX identity_state_by_expiry ON identity_state (expires_at);
CREATE INDEX devices_by_user ON devices (tenant_id, upn, mac_address) WHERE upn IS NOT NULL;
CREATE INDEX sign_ins_pending ON sign_ins (node_id) WHERE status = 'pending';
CREATE UNIQUE INDEX commands_by_id ON commands (tenant_id, mac_address, id);
PRAGMA user_version = 3;
COMMIT;
