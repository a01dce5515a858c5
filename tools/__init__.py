"""Make docs, schemas and pictures from the code. Not shipped."""
