-- Tables of Tidewatch 3: readings of the gauge and the constituents fitted to them.
CREATE TABLE gauge_reading (
  harbour_id  INTEGER NOT NULL,
  measured_at TEXT    NOT NULL,
  level_m     REAL    NOT NULL,
  quality     TEXT    NOT NULL DEFAULT 'raw' CHECK (quality IN ('raw', 'checked', 'spike')),
  PRIMARY KEY (harbour_id, measured_at)
);

CREATE TABLE constituent (
  harbour_id INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  amplitude_m REAL   NOT NULL,
  phase_deg  REAL    NOT NULL,
  fitted_from TEXT   NOT NULL
);

-- A spike is a reading that differs from both neighbours by more than half a metre.
CREATE VIEW usable_reading AS
  SELECT * FROM gauge_reading WHERE quality <> 'spike';
