CREATE SCHEMA freshet_of_version_0_1;
CREATE TABLE freshet_of_version_0_1.freshet_document (
    document_id text NOT NULL,
    table_name text NOT NULL,
    joined_key text NOT NULL,
    deleted boolean NOT NULL,
    "position" text NOT NULL,
    tx_id bigint,
    committed_at timestamp with time zone,
    captured_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    columns json NOT NULL,
    content_hash text NOT NULL,
    metadata_hash text NOT NULL,
    indexed_at timestamp with time zone NOT NULL,
    revision bigint NOT NULL,
    version json,
    past json,
    has_past boolean DEFAULT false NOT NULL,
    embedded_at timestamp with time zone,
    embedded integer
);
CREATE TABLE freshet_of_version_0_1.freshet_failure (
    document_id text NOT NULL,
    table_name text NOT NULL,
    joined_key text NOT NULL,
    "position" text NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    failed_at timestamp with time zone NOT NULL
);
CREATE TABLE freshet_of_version_0_1.freshet_index (
    only_row boolean DEFAULT true NOT NULL,
    model text NOT NULL,
    dimension integer NOT NULL,
    CONSTRAINT freshet_index_only_row_check CHECK (only_row)
);
CREATE TABLE freshet_of_version_0_1.freshet_instance (
    instance uuid NOT NULL,
    epoch integer NOT NULL,
    applied bigint,
    in_flight boolean NOT NULL,
    lease_until timestamp with time zone NOT NULL
);
CREATE TABLE freshet_of_version_0_1.freshet_schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
CREATE TABLE freshet_of_version_0_1.freshet_segment (
    embedding_id uuid NOT NULL,
    embedding public.vector(3) NOT NULL,
    text text NOT NULL,
    metadata jsonb NOT NULL,
    document_id text NOT NULL,
    ordinal integer NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, text)) STORED
);
CREATE TABLE freshet_of_version_0_1.freshet_table (
    table_name text NOT NULL,
    truncated_at text
);
CREATE TABLE freshet_of_version_0_1.freshet_watermark (
    epoch integer NOT NULL,
    lsn bigint NOT NULL,
    committed_at timestamp with time zone
);
INSERT INTO freshet_of_version_0_1.freshet_document VALUES ('public.articles/a,b', 'public.articles', 'a,b', false, 'W00000000.0000000000000007.1.0000000000000007.c', 7, '2026-11-20 17:22:54.711375+00', '2026-11-20 17:22:55.211375+00', '2026-11-20 17:22:55.711375+00', '{"title":["a,b"]}', 'content-hash', 'metadata-hash', '2026-11-20 17:22:55.731375+00', 1, NULL, '{"forgottenBefore":"W00000000.0000000000000007.1.0000000000000007.c","versions":[]}', false, '2026-11-20 17:22:55.726375+00', 1);
INSERT INTO freshet_of_version_0_1.freshet_document VALUES ('public.products/1', 'public.products', '1', false, 'W00000000.0000000000000001.1.0000000000000001.c', 7, '2026-11-20 17:22:54.711375+00', '2026-11-20 17:22:55.211375+00', '2026-11-20 17:22:55.711375+00', '{"title":["1"]}', 'content-hash', 'metadata-hash', '2026-11-20 17:22:55.731375+00', 1, NULL, '{"forgottenBefore":"W00000000.0000000000000001.1.0000000000000001.c","versions":[]}', false, '2026-11-20 17:22:55.726375+00', 2);
INSERT INTO freshet_of_version_0_1.freshet_document VALUES ('public.products/2', 'public.products', '2', false, 'W00000000.0000000000000002.1.0000000000000002.c', 7, '2026-11-20 17:22:54.711375+00', '2026-11-20 17:22:55.211375+00', '2026-11-20 17:22:55.711375+00', '{"title":["2"]}', 'content-hash', 'metadata-hash', '2026-11-20 17:22:55.731375+00', 1, NULL, '{"forgottenBefore":"W00000000.0000000000000002.1.0000000000000002.c","versions":[]}', false, '2026-11-20 17:22:55.726375+00', 1);
INSERT INTO freshet_of_version_0_1.freshet_document VALUES ('public.products/3', 'public.products', '3', false, 'W00000000.0000000000000003.1.0000000000000003.c', 7, '2026-11-20 17:22:54.711375+00', '2026-11-20 17:22:55.211375+00', '2026-11-20 17:22:55.711375+00', '{"title":["3"]}', 'content-hash', 'metadata-hash', '2026-11-20 17:22:55.731375+00', 1, NULL, '{"forgottenBefore":"W00000000.0000000000000003.1.0000000000000003.c","versions":[]}', false, '2026-11-20 17:22:55.726375+00', 1);
INSERT INTO freshet_of_version_0_1.freshet_document VALUES ('public.products/4', 'public.products', '4', false, 'W00000000.0000000000000004.1.0000000000000004.c', 7, '2026-11-20 17:22:54.711375+00', '2026-11-20 17:22:55.211375+00', '2026-11-20 17:22:55.711375+00', '{"title":["4"]}', 'content-hash', 'metadata-hash', '2026-11-20 17:22:55.731375+00', 1, NULL, '{"forgottenBefore":"W00000000.0000000000000004.1.0000000000000004.c","versions":[]}', false, '2026-11-20 17:22:55.726375+00', 2);
INSERT INTO freshet_of_version_0_1.freshet_document VALUES ('public.products/5', 'public.products', '5', true, 'W00000000.0000000000000005.1.0000000000000005.c', 7, '2026-11-20 17:22:54.711375+00', '2026-11-20 17:22:55.211375+00', '2026-11-20 17:22:55.711375+00', '{}', '', '', '2026-11-20 17:22:55.731375+00', 1, NULL, '{"forgottenBefore":"W00000000.0000000000000005.1.0000000000000005.c","versions":[]}', false, NULL, NULL);
INSERT INTO freshet_of_version_0_1.freshet_document VALUES ('public.products/6', 'public.products', '6', false, 'W00000000.0000000000000009.1.0000000000000009.c', 7, '2026-11-20 17:22:54.711375+00', '2026-11-20 17:22:55.211375+00', '2026-11-20 17:22:55.711375+00', '{"title":["now"],"body":["old","W00000000.0000000000000006.1.0000000000000006.c"]}', 'content-hash', 'metadata-hash', '2026-11-20 17:22:55.731375+00', 1, '{"leftOut":["body","missing"]}', '{"forgottenBefore":"W00000000.0000000000000001.1.0000000000000001.c","versions":[{"leftOut":["body"],"position":"W00000000.0000000000000001.1.0000000000000001.c","columns":{"title":["a"],"body":["old","W00000000.0000000000000000.1.0000000000000000.c"]}},{"deleted":true,"position":"W00000000.0000000000000002.1.0000000000000002.c"},{"leftOut":["body"],"movedFrom":"other","position":"W00000000.0000000000000003.1.0000000000000003.c","columns":{"title":["b"],"body":["c"]}},{"moved":true,"heir":"heir,2","position":"W00000000.0000000000000004.1.0000000000000004.c"},{"moved":true,"position":"W00000000.0000000000000005.1.0000000000000005.c"},{"position":"W00000000.0000000000000006.1.0000000000000006.c","columns":{"title":["d"],"body":["old"]}}]}', true, '2026-11-20 17:22:55.726375+00', 1);
INSERT INTO freshet_of_version_0_1.freshet_failure VALUES ('public.products/1', 'public.products', '1', 'W00000000.0000000000000009.1.0000000000000009.c', 'too-large', 'the detail', '2026-11-20 17:22:55.711375+00');
INSERT INTO freshet_of_version_0_1.freshet_index VALUES (true, 'test-model', 3);
INSERT INTO freshet_of_version_0_1.freshet_schema_history VALUES (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"freshet_of_version_0_1"', NULL, 'freshet', '2026-11-27 09:19:07.669431', 0, true);
INSERT INTO freshet_of_version_0_1.freshet_schema_history VALUES (1, '1', 'index', 'SQL', 'V1__index.sql', -1631100575, 'freshet', '2026-11-27 09:19:07.945202', 155, true);
INSERT INTO freshet_of_version_0_1.freshet_schema_history VALUES (2, '2', 'past versions', 'SQL', 'V2__past_versions.sql', -529270056, 'freshet', '2026-11-27 09:19:08.290178', 59, true);
INSERT INTO freshet_of_version_0_1.freshet_schema_history VALUES (3, '3', 'failure', 'SQL', 'V3__failure.sql', 1097220090, 'freshet', '2026-11-27 09:19:08.427738', 20, true);
INSERT INTO freshet_of_version_0_1.freshet_schema_history VALUES (4, '4', 'watermark', 'SQL', 'V4__watermark.sql', 379116825, 'freshet', '2026-11-27 09:19:08.479115', 40, true);
INSERT INTO freshet_of_version_0_1.freshet_schema_history VALUES (5, '5', 'embedded', 'SQL', 'V5__embedded.sql', 1720515628, 'freshet', '2026-11-27 09:19:08.567851', 23, true);
INSERT INTO freshet_of_version_0_1.freshet_segment VALUES ('e900d77c-6308-381c-a37b-7c18bc4deb22', '[0,1,1]', 'An article about lanterns', '{"n": 1.5, "freshet_table": "public.articles", "freshet_segment": 0, "freshet_document_id": "public.articles/a,b"}', 'public.articles/a,b', 0, DEFAULT);
INSERT INTO freshet_of_version_0_1.freshet_segment VALUES ('71820042-9d79-349b-9c95-2868701d51d2', '[1,0,0]', 'Title: Spare part CVE-2026-2332', '{"at": "2024-05-01T10:00:00.000000Z", "id": 1, "at2": "2024-05-01T10:00", "tags": "[\"a\",\"b\"]", "price": 12.5, "title": "Spare part CVE-2026-2332", "serial": 9007199254740993, "in_stock": "true", "freshet_table": "public.products", "freshet_segment": 0, "freshet_document_id": "public.products/1"}', 'public.products/1', 0, DEFAULT);
INSERT INTO freshet_of_version_0_1.freshet_segment VALUES ('aeeaa22f-0d27-3c0d-b1db-7be061420551', '[1,1,0]', 'Valve for stove/burner, see DS-7604NI-E1/4P/A', '{"at": "2024-05-01T10:00:00.000000Z", "id": 1, "at2": "2024-05-01T10:00", "tags": "[\"a\",\"b\"]", "price": 12.5, "title": "Spare part CVE-2026-2332", "serial": 9007199254740993, "in_stock": "true", "freshet_table": "public.products", "freshet_segment": 1, "freshet_document_id": "public.products/1"}', 'public.products/1', 1, DEFAULT);
INSERT INTO freshet_of_version_0_1.freshet_segment VALUES ('5c31743a-1018-38d0-ac37-76a2b855ef59', '[0,1,0]', 'Title: テント

新しい東京の工場で生産されたテント', '{"at": "2024-05-01T12:00:00.000000Z", "id": 2, "title": "テント", "in_stock": "false", "freshet_table": "public.products", "freshet_segment": 0, "freshet_document_id": "public.products/2"}', 'public.products/2', 0, DEFAULT);
INSERT INTO freshet_of_version_0_1.freshet_segment VALUES ('14a7d65d-c5e5-3cf2-b57b-d7d154572fee', '[0,0,1]', 'Title: Café

ผ้าใบกันน้ำสำหรับตั้งแคมป์', '{"id": 3, "title": "Café", "freshet_table": "public.products", "freshet_segment": 0, "freshet_document_id": "public.products/3"}', 'public.products/3', 0, DEFAULT);
INSERT INTO freshet_of_version_0_1.freshet_segment VALUES ('4a4c7cdb-e53d-3d4d-956b-a531e74fd4bb', '[1,0,1]', 'Title: Wi-Fi e-mail user@example.org', '{"id": 4, "price": 7, "title": "Wi-Fi e-mail user@example.org", "in_stock": "true", "freshet_table": "public.products", "freshet_segment": 0, "freshet_document_id": "public.products/4"}', 'public.products/4', 0, DEFAULT);
INSERT INTO freshet_of_version_0_1.freshet_segment VALUES ('abef3170-1ea2-32fc-be08-439f9311fb57', '[1,1,1]', 'photo-2024.jpg and https://shop.example.org/lanterns/red?x=1', '{"id": 4, "price": 7, "title": "Wi-Fi e-mail user@example.org", "in_stock": "true", "freshet_table": "public.products", "freshet_segment": 1, "freshet_document_id": "public.products/4"}', 'public.products/4', 1, DEFAULT);
INSERT INTO freshet_of_version_0_1.freshet_segment VALUES ('4662a8fb-cb2a-3006-b5ed-614bb2f06c18', '[-1,0,0]', 'A document with a past', '{"id": 6, "freshet_table": "public.products", "freshet_segment": 0, "freshet_document_id": "public.products/6"}', 'public.products/6', 0, DEFAULT);
INSERT INTO freshet_of_version_0_1.freshet_table VALUES ('public.articles', NULL);
INSERT INTO freshet_of_version_0_1.freshet_table VALUES ('public.products', NULL);
INSERT INTO freshet_of_version_0_1.freshet_table VALUES ('public.reviews', 'W00000000.0000000000000008.1.0000000000000008.c');
INSERT INTO freshet_of_version_0_1.freshet_watermark VALUES (0, 9, '2026-11-20 17:22:55.711375+00');
ALTER TABLE ONLY freshet_of_version_0_1.freshet_document
    ADD CONSTRAINT freshet_document_pkey PRIMARY KEY (document_id);
ALTER TABLE ONLY freshet_of_version_0_1.freshet_failure
    ADD CONSTRAINT freshet_failure_pkey PRIMARY KEY (document_id);
ALTER TABLE ONLY freshet_of_version_0_1.freshet_index
    ADD CONSTRAINT freshet_index_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY freshet_of_version_0_1.freshet_instance
    ADD CONSTRAINT freshet_instance_pkey PRIMARY KEY (instance);
ALTER TABLE ONLY freshet_of_version_0_1.freshet_schema_history
    ADD CONSTRAINT freshet_schema_history_pk PRIMARY KEY (installed_rank);
ALTER TABLE ONLY freshet_of_version_0_1.freshet_segment
    ADD CONSTRAINT freshet_segment_pkey PRIMARY KEY (embedding_id);
ALTER TABLE ONLY freshet_of_version_0_1.freshet_table
    ADD CONSTRAINT freshet_table_pkey PRIMARY KEY (table_name);
ALTER TABLE ONLY freshet_of_version_0_1.freshet_watermark
    ADD CONSTRAINT freshet_watermark_pkey PRIMARY KEY (epoch);
CREATE INDEX freshet_document_past ON freshet_of_version_0_1.freshet_document USING btree (indexed_at) WHERE has_past;
CREATE INDEX freshet_document_table ON freshet_of_version_0_1.freshet_document USING btree (table_name);
CREATE INDEX freshet_document_tombstone ON freshet_of_version_0_1.freshet_document USING btree (indexed_at) WHERE deleted;
CREATE INDEX freshet_failure_table ON freshet_of_version_0_1.freshet_failure USING btree (table_name);
CREATE INDEX freshet_schema_history_s_idx ON freshet_of_version_0_1.freshet_schema_history USING btree (success);
CREATE INDEX freshet_segment_document ON freshet_of_version_0_1.freshet_segment USING btree (document_id, ordinal);
CREATE INDEX freshet_segment_embedding ON freshet_of_version_0_1.freshet_segment USING hnsw (embedding public.vector_cosine_ops);
CREATE INDEX freshet_segment_words ON freshet_of_version_0_1.freshet_segment USING gin (words);
ALTER TABLE ONLY freshet_of_version_0_1.freshet_segment
    ADD CONSTRAINT freshet_segment_document_id_fkey FOREIGN KEY (document_id) REFERENCES freshet_of_version_0_1.freshet_document(document_id) ON DELETE CASCADE;
