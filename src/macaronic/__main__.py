"""`python -m macaronic`: the same as `macaronic`."""

from macaronic.cli.main import run

if __name__ == "__main__":
    run()
