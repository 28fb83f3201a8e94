-- What the gateway's first release (schema version 1) wrote, as dumped from its data file.
BEGIN TRANSACTION;
CREATE TABLE accounts (
    authentication_name TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    aor TEXT NOT NULL,
    mac_address TEXT,
    document TEXT NOT NULL
  );
INSERT INTO "accounts" VALUES('+15550000001','11111111-2222-4333-8444-555555555555','sip:+15550000001@contoso.example','020000000001','{"tenantId":"11111111-2222-4333-8444-555555555555","authenticationName":"+15550000001","realm":"contoso.example","aor":"sip:+15550000001@contoso.example","upn":"sample-000001@contoso.example","macAddress":"020000000001","ha1":{"md5":"00000000000000000000000000000000","sha256":"0000000000000000000000000000000000000000000000000000000000000000"}}');
CREATE TABLE binding_journal (
    sequence INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    aor TEXT NOT NULL,
    bindings TEXT NOT NULL
  );
INSERT INTO "binding_journal" VALUES(1,'11111111-2222-4333-8444-555555555555','sip:+15550000001@contoso.example','[{"tenantId":"11111111-2222-4333-8444-555555555555","aor":"sip:+15550000001@contoso.example","contact":"sip:phone@192.0.2.1:5060","instanceId":null,"regId":null,"callId":"call-1","cseq":1,"q":1,"path":[],"flow":{"id":"flow-1","transport":"UDP","remoteAddress":"192.0.2.1","remotePort":5060},"nodeId":"node-1","userAgent":"SIPp","macAddress":"020000000001","registeredAtMilliseconds":1768478400000,"refreshedAtMilliseconds":1768478400000,"expiresAtMilliseconds":1768482000000}]');
CREATE TABLE device_events (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address, number)
  ) WITHOUT ROWID;
INSERT INTO "device_events" VALUES('11111111-2222-4333-8444-555555555555','020000000001',1,'{"tenantId":"11111111-2222-4333-8444-555555555555","macAddress":"020000000001","atMilliseconds":1768478400000,"kind":"added","text":"Added.","actor":"admin"}');
CREATE TABLE devices (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    search_text TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address)
  );
INSERT INTO "devices" VALUES('11111111-2222-4333-8444-555555555555','020000000001','signed-in',112261522156182,'020000000001
02:00:00:00:00:01
sample
sample-000001@contoso.example','{"macAddress":"020000000001","tenantId":"11111111-2222-4333-8444-555555555555","state":"signed-in","location":"Sample","vendor":null,"model":null,"firmware":null,"supported":null,"unsupportedReason":null,"region":null,"language":null,"ipAddress":null,"createdAtMilliseconds":1768478400000,"lastSeenAtMilliseconds":null,"lastRequest":null,"issuedAccount":null,"enrolledAuthenticationName":null,"accountsValidFromMilliseconds":1768478400000,"upn":"sample-000001@contoso.example"}');
INSERT INTO "devices" VALUES('11111111-2222-4333-8444-555555555555','805ec0000001','waiting-on-activation',34210329916133,'805ec0000001
80:5e:c0:00:00:01
lobby','{"macAddress":"805ec0000001","tenantId":"11111111-2222-4333-8444-555555555555","state":"waiting-on-activation","location":"Lobby","vendor":null,"model":null,"firmware":null,"supported":null,"unsupportedReason":null,"region":null,"language":null,"ipAddress":null,"createdAtMilliseconds":1768478400000,"lastSeenAtMilliseconds":null,"lastRequest":null,"issuedAccount":null,"enrolledAuthenticationName":null,"accountsValidFromMilliseconds":1768478400000,"upn":null}');
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  );
INSERT INTO "secrets" VALUES('nonce',X'0707070707070707070707070707070707070707070707070707070707070707');
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
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, upn)
  );
INSERT INTO "users" VALUES('11111111-2222-4333-8444-555555555555','sample-000001@contoso.example','+15550000001','{"tenantId":"11111111-2222-4333-8444-555555555555","upn":"sample-000001@contoso.example","displayName":"Sample 000001","phoneNumber":"+15550000001"}');
INSERT INTO "users" VALUES('11111111-2222-4333-8444-555555555555','zoë@contoso.example',NULL,'{"tenantId":"11111111-2222-4333-8444-555555555555","upn":"zoë@contoso.example","displayName":"Zoë ÅKERSTRÖM","phoneNumber":null}');
CREATE TABLE verification_codes (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    code TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    wrong_tries INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, mac_address)
  ) WITHOUT ROWID;
INSERT INTO "verification_codes" VALUES('11111111-2222-4333-8444-555555555555','805ec0000001','123456',1768478400000,1768564800000,0);
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
PRAGMA user_version = 1;
COMMIT;
