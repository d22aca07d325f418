-- A project as version 0001 of the tables wrote it; not to be changed.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE image (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	path TEXT NOT NULL, 
	content TEXT NOT NULL, 
	former_content TEXT, 
	size_bytes BIGINT NOT NULL, 
	modified_ns BIGINT NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	problem TEXT, 
	missing BOOLEAN NOT NULL, 
	status TEXT NOT NULL, 
	reviewed_by TEXT, 
	version INTEGER NOT NULL, 
	object_count INTEGER NOT NULL, 
	lowest_confidence FLOAT
);
INSERT INTO "image" VALUES(1,'a.png','abababababababababababababababababababababababababababababababab',NULL,100,1700000000000000000,20,10,NULL,0,'in_progress',NULL,3,1,0.75);
CREATE TABLE object (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	image_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	x0 INTEGER NOT NULL, 
	y0 INTEGER NOT NULL, 
	x1 INTEGER NOT NULL, 
	y1 INTEGER NOT NULL, 
	runs BLOB NOT NULL, 
	points TEXT NOT NULL, 
	confidence FLOAT, 
	visible BOOLEAN NOT NULL, 
	locked BOOLEAN NOT NULL, 
	author TEXT NOT NULL, 
	seconds FLOAT NOT NULL, 
	inputs INTEGER NOT NULL, 
	created_at BIGINT NOT NULL, 
	changed_at BIGINT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT fk_object_image_id_image FOREIGN KEY(image_id) REFERENCES image (id), 
	CONSTRAINT fk_object_class_id_object_class FOREIGN KEY(class_id) REFERENCES object_class (id)
);
INSERT INTO "object" VALUES(1,1,1,3,2,6,4,X'327801636460044266060000200007','[[3.0,2.5],[4.0,2.0],[5.0,3.0],[4.0,3.0]]',0.75,1,0,'Ann',7.5,5,1700000000000,1700000005000,3);
CREATE TABLE object_class (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	color TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	removed BOOLEAN NOT NULL, 
	CONSTRAINT uq_object_class_name UNIQUE (name)
);
INSERT INTO "object_class" VALUES(1,'cup','#e6194b',0,0);
CREATE TABLE setting (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY (name)
);
INSERT INTO "setting" VALUES('detail_px','1.5');
CREATE UNIQUE INDEX uq_image_path ON image (path) WHERE missing IS 0;
CREATE INDEX ix_image_content ON image (content);
CREATE INDEX ix_object_image_id ON object (image_id);
CREATE INDEX ix_object_class_id ON object (class_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('object_class',1);
INSERT INTO "sqlite_sequence" VALUES('image',1);
INSERT INTO "sqlite_sequence" VALUES('object',1);
COMMIT;
