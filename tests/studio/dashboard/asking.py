"""How tests talk with the panels that compute from snapshots."""

PATIENCE_MS = 20_000


def prepare(qtbot, session, panel, project):
    """Draw the first weights of a project, and let the panel show what it makes of them."""
    session.rewind(project)
    qtbot.waitUntil(lambda: session.state == "ready", timeout=PATIENCE_MS)
    answer(qtbot, session, panel)


def answer(qtbot, session, panel):
    """Let the panel ask until it has got an answer to what it asks now."""
    told = []
    panel.feed.ready.connect(lambda *answer: told.append(answer))

    def is_told():
        panel.refresh(session.moment())
        return any(question == panel.question() for _, question, _ in told)

    qtbot.waitUntil(is_told, timeout=PATIENCE_MS)


def answer_at_rest(qtbot, session, panel):
    """Let a panel that asks nothing twice ask until it shows the run as it stands."""

    def is_told():
        panel.refresh(session.moment())
        return panel.is_up_to_date

    qtbot.waitUntil(is_told, timeout=PATIENCE_MS)


def steps(qtbot, session, project, count):
    """Train on so many mini-batches, one by one."""
    wanted = session.progress.iteration + count
    for _ in range(count):
        session.step(project)
    qtbot.waitUntil(lambda: session.progress.iteration == wanted, timeout=PATIENCE_MS)


def questions_of(panel, monkeypatch):
    """The list that fills with all that a panel asks from now on; nothing is computed."""
    asked = []
    monkeypatch.setattr(panel.feed, "ask", lambda *question: asked.append(question) or True)
    return asked
