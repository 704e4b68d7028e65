"""`macaronic synth`: make mixed text from parallel sentences, a sub-command a method, and the tools around it."""

from __future__ import annotations

import typer

from macaronic.cli.synth import agents, align, attack, compare, gec, methods, prompts, translate, views

app = typer.Typer(
    help="Make mixed-language text that obeys linguistic constraints, at a chosen level.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command("lattice")(methods.lattice)
for _name, _command in methods.LEXICAL.items():
    app.command(_name)(_command)
app.command("methods")(methods.methods)
app.command("align")(align.align)
app.command("compare")(compare.compare)
app.command("profile")(compare.profile)
app.command("views")(views.views)
app.command("noise")(views.noise)
app.command("prompts")(prompts.prompts)
app.command("gec")(gec.gec)
app.command("gec-score")(gec.gec_score)
app.command("agents")(agents.agents)
app.command("attack")(attack.attack)
app.command("translate")(translate.translate)
