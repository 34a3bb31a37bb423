/**
 * The schema, one step a version; `PRAGMA user_version` counts the steps taken. Steps are never edited
 * once released: a change is a new step. Instants are ISO 8601 in UTC; columns named `…_json` hold values
 * that the contract's schemas describe.
 */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE settings (name TEXT PRIMARY KEY, value_json TEXT NOT NULL) STRICT;

CREATE TABLE datasets (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, root_path TEXT NOT NULL UNIQUE, layout TEXT NOT NULL,
  synthetic INTEGER NOT NULL, split_seed INTEGER NOT NULL, created_at TEXT NOT NULL
) STRICT;

CREATE TABLE patients (
  dataset_id TEXT NOT NULL REFERENCES datasets(id), patient TEXT NOT NULL, split TEXT NOT NULL,
  PRIMARY KEY (dataset_id, patient)
) STRICT;

CREATE TABLE cases (
  id TEXT PRIMARY KEY, dataset_id TEXT NOT NULL REFERENCES datasets(id), name TEXT NOT NULL,
  patient TEXT NOT NULL, grid_json TEXT NOT NULL, label_convention TEXT NOT NULL,
  review_state TEXT NOT NULL, flag_reason TEXT,
  warnings_json TEXT NOT NULL, position INTEGER NOT NULL, updated_at TEXT NOT NULL,
  UNIQUE (dataset_id, name),
  FOREIGN KEY (dataset_id, patient) REFERENCES patients(dataset_id, patient)
) STRICT;

CREATE TABLE images (
  case_id TEXT NOT NULL REFERENCES cases(id), sequence TEXT NOT NULL, path TEXT NOT NULL,
  sha256 TEXT NOT NULL, grid_json TEXT NOT NULL, PRIMARY KEY (case_id, sequence)
) STRICT;

CREATE TABLE label_versions (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases(id), number INTEGER NOT NULL,
  parent_id TEXT REFERENCES label_versions(id), object_sha256 TEXT NOT NULL, origin TEXT NOT NULL,
  author TEXT NOT NULL, note TEXT NOT NULL, created_at TEXT NOT NULL, volumes_json TEXT NOT NULL,
  UNIQUE (case_id, number)
) STRICT;

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases(id), state TEXT NOT NULL,
  reason TEXT, reader TEXT NOT NULL, version_id TEXT REFERENCES label_versions(id),
  object_sha256 TEXT, at TEXT NOT NULL
) STRICT;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, kind TEXT NOT NULL, title TEXT NOT NULL,
  state TEXT NOT NULL, plan_json TEXT NOT NULL, progress_json TEXT, device_json TEXT, error_json TEXT,
  result_model_id TEXT, follows_job_id TEXT, process_id INTEGER, checkpoint_path TEXT,
  created_at TEXT NOT NULL, started_at TEXT, ended_at TEXT
) STRICT;

CREATE TABLE models (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, slot TEXT NOT NULL,
  origin TEXT NOT NULL, weights_sha256 TEXT NOT NULL, model_json TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;

CREATE TABLE promotions (
  id INTEGER PRIMARY KEY, slot TEXT NOT NULL, model_id TEXT NOT NULL REFERENCES models(id),
  reader TEXT NOT NULL, at TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE proposals (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases(id), model_id TEXT NOT NULL,
  model_name TEXT NOT NULL, job_id TEXT, state TEXT NOT NULL, object_sha256 TEXT NOT NULL,
  uncertainty_sha256 TEXT, uncertainty_score REAL, volumes_json TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX proposals_by_case ON proposals(case_id, created_at);

CREATE TABLE evaluations (
  id TEXT PRIMARY KEY, model_id TEXT NOT NULL REFERENCES models(id), dataset_id TEXT NOT NULL,
  split TEXT NOT NULL, job_id TEXT, scores_json TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX evaluations_by_model ON evaluations(model_id, created_at);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  subject TEXT NOT NULL, detail_json TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
`,
  `
CREATE TABLE provenance (
  object_sha256 TEXT PRIMARY KEY, operation TEXT NOT NULL, version TEXT NOT NULL,
  sources_json TEXT NOT NULL, parameters_json TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
ALTER TABLE images ADD COLUMN object_sha256 TEXT;
CREATE INDEX images_by_source ON images(sha256);

ALTER TABLE datasets ADD COLUMN split_locked_at TEXT;

CREATE TABLE case_quality (
  case_id TEXT PRIMARY KEY REFERENCES cases(id), report_json TEXT NOT NULL
) STRICT;
`,
  `
CREATE TABLE dicom_series (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases(id), series_key TEXT NOT NULL,
  title TEXT NOT NULL, sequence TEXT, confidence REAL NOT NULL, reason TEXT NOT NULL,
  chosen_by_reader INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, plane TEXT NOT NULL,
  object_sha256 TEXT NOT NULL, grid_json TEXT NOT NULL, source_json TEXT NOT NULL,
  UNIQUE (case_id, series_key)
) STRICT;
CREATE INDEX dicom_series_by_object ON dicom_series(object_sha256);
`,
  `
CREATE TABLE source_images (
  case_id TEXT NOT NULL REFERENCES cases(id), sequence TEXT NOT NULL, path TEXT NOT NULL,
  sha256 TEXT NOT NULL, grid_json TEXT NOT NULL, object_sha256 TEXT, PRIMARY KEY (case_id, sequence)
) STRICT;

CREATE TABLE source_labels (
  case_id TEXT PRIMARY KEY REFERENCES cases(id), object_sha256 TEXT NOT NULL
) STRICT;

CREATE TABLE preparations (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases(id), state TEXT NOT NULL,
  record_json TEXT NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX preparations_by_case ON preparations(case_id, created_at);
`,
  `
ALTER TABLE patients ADD COLUMN stratum TEXT;
`,
  `
CREATE TABLE folds (
  dataset_id TEXT NOT NULL REFERENCES datasets(id), folds INTEGER NOT NULL, patient TEXT NOT NULL,
  fold INTEGER NOT NULL, PRIMARY KEY (dataset_id, folds, patient)
) STRICT;
`,
]
