PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source TEXT NOT NULL,               -- where it came from: a folder of the corpus
  notices TEXT NOT NULL,              -- JSON list
  entry TEXT NOT NULL DEFAULT '',     -- folder of the source's entry that it is a file of
  role TEXT NOT NULL DEFAULT '',      -- what it is to the report there: "report", "appendix" …
  fulltext INTEGER NOT NULL DEFAULT 1, -- 0: known before its text, by what the source says
  conflicts TEXT NOT NULL DEFAULT '[]', -- JSON list of [field, what the document itself says]
  added INTEGER NOT NULL,
  retired INTEGER);
INSERT INTO documents VALUES(1,'corpus/ks/eldre.pdf','1','sha-eldre','ks','[]','','',1,'[]',1,NULL);
INSERT INTO documents VALUES(2,'corpus/ks/skole.pdf','1','sha-skole','ks','[]','','',1,'[]',1,2);
INSERT INTO documents VALUES(3,'corpus/ks/natur.pdf','1','sha-natur','ks','[]','','',1,'[]',2,NULL);
CREATE TABLE reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('document', 'project')),
  title TEXT NOT NULL, commissioner TEXT NOT NULL, body TEXT NOT NULL, authors TEXT NOT NULL, year INTEGER,
  number TEXT NOT NULL, isbn TEXT NOT NULL, language TEXT NOT NULL, themes TEXT NOT NULL, summary TEXT NOT NULL,
  url TEXT NOT NULL,
  UNIQUE (document, key));
INSERT INTO reports VALUES(1,1,'eldre-6d9f3e','document','Eldre','','Fafo','[]',2019,'','','nb','["Helse"]','','');
INSERT INTO reports VALUES(2,2,'skole-2d9ac3','document','Skole','','NIFU','[]',2022,'','','nn','["Skole"]','','');
INSERT INTO reports VALUES(3,3,'natur-41d5f8','document','Natur','','','[]',NULL,'','','nb','[]','','');
CREATE TABLE pages (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  number INTEGER NOT NULL,
  raw TEXT NOT NULL, text TEXT NOT NULL, method TEXT NOT NULL, quality REAL NOT NULL,
  width REAL NOT NULL, height REAL NOT NULL,
  words BLOB NOT NULL,                -- see records.pack_words
  PRIMARY KEY (document, number)) WITHOUT ROWID;
INSERT INTO pages VALUES(1,1,replace('Rapporten ser på eldreomsorg i små kommuner.\nHjemmetjenesten mangler sykepleiere om natten.','\n',char(10)),replace('Rapporten ser på eldreomsorg i små kommuner.\nHjemmetjenesten mangler sykepleiere om natten.','\n',char(10)),'text',1.0,595.0,842.0,X'789c4dccad1241511486e16f34064391fc0dcd7007ccb00f9da1e9b20b5114459195534e56141721bb0eefb6bf60cd3cb3e65d6149521915d45047034db4d141173d0c30c418134c31c3122bacb1c1163becf53f4590e60be9155297b2d4d52c75df3d729fdc67f7c57d75dfddb9fbed8e7363b7e23da4bfb10feea33b7717ee87fbe9fefcfa0bf7191e2c');
INSERT INTO pages VALUES(2,1,'Skolefravær øker på ungdomstrinnet. Tiltak mot fravær virker best når de settes inn tidlig.','Skolefravær øker på ungdomstrinnet. Tiltak mot fravær virker best når de settes inn tidlig.','text',1.0,595.0,842.0,X'789c4dcbbb0e01411886e129240a0a4244290ecd12dbb015c21e64542be8946e64ee48e34a341ab546e312bcf17f85499ee2cdf78f73ced55047034db4d0c600434418638a1873245860890d5214d8c26387127b1c71c2d9fdbf275fd67cfda4d6bdcc3acaac576aafbeaa6feabbfaa17ea9dfd6a1925b5773db3bd6a16b1dfada47ea893ad6fd4cf789f642bb5797ea83faf2eb2fda5921f8');
INSERT INTO pages VALUES(3,1,'Arealregnskap og naturregnskap hjelper kommunen å planlegge. Regnskapet viser hvor naturen forsvinner.','Arealregnskap og naturregnskap hjelper kommunen å planlegge. Regnskapet viser hvor naturen forsvinner.','text',1.0,595.0,842.0,X'789c4dcab10a416100c5f19319b1c88489b27065a4aebe5b2c97ba362629afe13e85c5bb583c8ec56231f9f7dd3338f51bfe7524a981265a68a3873e861861822912ccb0c0126b6c90638b027b1c70c445ffab05295d49f550f5c03d76dfdc77f7c3fd74bfdc6ff7c7fd7577b2d865378b5926556bee4edda16ae5feefdc27f7d97d8dfd03cdba1d51');
CREATE TABLE edits (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  page INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, why TEXT NOT NULL, confidence REAL NOT NULL);
CREATE TABLE sections (
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, path TEXT NOT NULL, first_page INTEGER NOT NULL,
  PRIMARY KEY (document, ordinal)) WITHOUT ROWID;
INSERT INTO sections VALUES(1,0,'["1 Del"]',1);
INSERT INTO sections VALUES(2,0,'["1 Del"]',1);
INSERT INTO sections VALUES(3,0,'["1 Del"]',1);
CREATE TABLE passages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  report INTEGER NOT NULL REFERENCES reports ON DELETE CASCADE,
  text TEXT NOT NULL, section TEXT NOT NULL, first_page INTEGER NOT NULL, last_page INTEGER NOT NULL,
  pieces BLOB NOT NULL);
INSERT INTO passages VALUES(1,1,1,replace('Rapporten ser på eldreomsorg i små kommuner.\nHjemmetjenesten mangler sykepleiere om natten.','\n',char(10)),'1 Del',1,1,X'789c6360606060648080682006000188005d');
INSERT INTO passages VALUES(2,2,2,'Skolefravær øker på ungdomstrinnet. Tiltak mot fravær virker best når de settes inn tidlig.','1 Del',1,1,X'789c6360606060648080682006000188005d');
INSERT INTO passages VALUES(3,3,3,'Arealregnskap og naturregnskap hjelper kommunen å planlegge. Regnskapet viser hvor naturen forsvinner.','1 Del',1,1,X'789c63606060606480803420060001b40068');
CREATE TABLE vectors (
  model TEXT NOT NULL, hash BLOB NOT NULL, vector BLOB NOT NULL,
  PRIMARY KEY (model, hash)) WITHOUT ROWID;
INSERT INTO vectors VALUES('tiny',X'7228c65e77943c297e528f2d42ad6035',X'7405193c7405193c7405193c7405193cfc0ec43e7405193c7405193c7405193c7405193c7405193c7405193c27d7483e7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c7405193c27d7483e27d7483e7405193c7405193c7405193c7405193c7405193c7405193c7405193c27d7483efc0ec43e7405193c7405193c7405193c7405193cfc0ec43e7405193c7405193c7405193c27d7483e7405193c7405193c32d9113f27d7483e');
INSERT INTO vectors VALUES('tiny',X'7b27b87c942b954c7b11f1cf9acc783f',X'af67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213c15d8533eaf67213cd8ccce3eaf67213caf67213caf67213c15d8533e15d8533eaf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213c15d8533eaf67213caf67213c15d8533eaf67213c15d8533eaf67213cd3d6193faf67213c15d8533eaf67213caf67213caf67213caf67213c15d8533eaf67213caf67213caf67213c15d8533eaf67213caf67213caf67213c15d8533eaf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213caf67213c15d8533eaf67213c');
INSERT INTO vectors VALUES('tiny',X'db391e47db3bf9281ed151624e6ba123',X'57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c51e1603e57562b3c9f86db3e57562b3c57562b3c57562b3c51e1603e51e1603e57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c51e1603e57562b3c57562b3c51e1603e57562b3c51e1603e57562b3c9f86db3e57562b3c51e1603e57562b3c57562b3c57562b3c57562b3c51e1603e57562b3c57562b3c57562b3c51e1603e57562b3c57562b3c57562b3c51e1603e57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c51e1603e57562b3c57562b3c57562b3c57562b3c57562b3c57562b3c51e1603e51e1603e');
INSERT INTO vectors VALUES('tiny',X'fc51a8508a3a722b29fbcf094d96d245',X'0709223c0709223c0709223c0709223c909bcf3e0709223cd8ab543e0709223c0709223c0709223c0709223cd8ab543e0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223c0709223cd8ab543ed8ab543e0709223c0709223c0709223c0709223c0709223c0709223c0709223cd8ab543e909bcf3e0709223c0709223c0709223c0709223cd8ab543e0709223c0709223c0709223cd8ab543e0709223c0709223c9a701a3f0709223c');
CREATE TABLE state (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO state VALUES('generation',1);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('documents',3);
INSERT INTO sqlite_sequence VALUES('reports',3);
INSERT INTO sqlite_sequence VALUES('passages',3);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX reports_key ON reports (key);
CREATE INDEX edits_document ON edits (document, page);
CREATE INDEX passages_document ON passages (document);
CREATE INDEX passages_report ON passages (report);
COMMIT;
PRAGMA user_version = 2;
