-- How far the source's commits are applied. The LSN is a number: it is compared here.
CREATE TABLE freshet_watermark (
    epoch        integer PRIMARY KEY,
    lsn          bigint NOT NULL,
    committed_at timestamptz
);

-- The instances that share this index, each believed until its lease ends.
CREATE TABLE freshet_instance (
    instance    uuid PRIMARY KEY,
    epoch       integer     NOT NULL,
    applied     bigint,
    in_flight   boolean     NOT NULL,
    lease_until timestamptz NOT NULL
);
