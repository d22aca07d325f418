"""Steps from each older version of the tables to the next, run by Alembic."""
