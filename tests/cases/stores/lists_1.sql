PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE lists (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, -- names that differ only in their capitals are one name
         comment TEXT NOT NULL, changed TEXT NOT NULL);
INSERT INTO lists VALUES(1,'Mine','mine','de beste','2026-12-01 01:08:36');
CREATE TABLE items (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         list INTEGER NOT NULL REFERENCES lists ON DELETE CASCADE,
         place INTEGER NOT NULL,
         report TEXT NOT NULL,
         reference TEXT NOT NULL, -- JSON, as it was when it was kept
         quote TEXT NOT NULL, -- JSON, or empty where the whole report was kept
         comment TEXT NOT NULL, added TEXT NOT NULL,
         search INTEGER REFERENCES searches ON DELETE SET NULL);
CREATE TABLE searches (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         at TEXT NOT NULL, question TEXT NOT NULL, filters TEXT NOT NULL, hits INTEGER NOT NULL, reports INTEGER NOT NULL);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('lists',1);
CREATE INDEX items_list ON items (list, place);
CREATE INDEX items_report ON items (list, report);
COMMIT;
PRAGMA user_version = 1;
