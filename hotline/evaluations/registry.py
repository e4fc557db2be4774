"""The evaluations there are: one line each; the command's name follows from it."""

from hotline.evaluations import city, confidence, grouping, intent, page, replies, routing, search
from hotline.evaluations.evaluation import Evaluation

EVALUATIONS: tuple[Evaluation, ...] = (
    city.EVALUATION,
    routing.EVALUATION,
    grouping.DUPLICATES,
    grouping.TOPICS,
    intent.EVALUATION,
    search.EVALUATION,
    confidence.EVALUATION,
    replies.EVALUATION,
    page.EVALUATION,
)
