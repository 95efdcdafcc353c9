"""The ReasonRank wire protocol (7B profile), byte for byte: what the service sends and what the model answers."""
import re

SYSTEM = (
    "You are RankLLM, an intelligent assistant that can rank passages based on their relevance to the query. "
    "Given a query and a passage list, you first thinks about the reasoning process in the mind and then provides the "
    "answer (i.e., the reranked passage list). The reasoning process and answer are enclosed within <think> </think> and "
    "<answer> </answer> tags, respectively, i.e., <think> reasoning process here </think> <answer> answer here </answer>.")

WINDOW = 20          # passages in a full window; ids run from 1 to this
GRADES = 20          # a grade g says that g/20 of the query's weight is found in the passage

OPEN, CLOSE = "<think>\n", "\n</think>\n\n<answer>"
SEPARATOR = " > "
END = "</answer>"
LABELS = [f"[{k}]" for k in range(1, WINDOW + 1)]
GRADE_TEXTS = [f": {100 * g // GRADES}%" for g in range(GRADES + 1)]
QUERY_MARK, QUERY_MARK_AGAIN = "search query:", "Search Query:"

ANSWER = re.compile(r"<think>.*?</think>\s*<answer>(.*?)</answer>", re.S)


def clean(text):
    """What the service does to a passage or a query: `[3]` would look like an id, so it becomes `(3)`."""
    return re.sub(r"\[(\d+)\]", r"(\1)", text)


def prefix(count):
    """Everything before the query: the same for all windows of one size."""
    return (f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\nI will provide you with {count} passages, each "
            f"indicated by a numerical identifier []. Rank the passages based on their relevance to the {QUERY_MARK}")


def rest(query, passages):
    """The remainder of the prompt, from the query to the assistant's turn."""
    body = "".join(f"[{i + 1}] {passage}\n" for i, passage in enumerate(passages))
    return (f" {query}.\n\n{body}{QUERY_MARK_AGAIN} {query}.\nRank the {len(passages)} passages above based on their "
            "relevance to the search query. All the passages should be included and listed using identifiers, in "
            "descending order of relevance. The format of the answer should be [] > [], e.g., [2] > [1]."
            "<|im_end|>\n<|im_start|>assistant\n")


def prompt(query, passages):
    return prefix(len(passages)) + rest(query, passages)


def answer_ids(text):
    """The ids of the answer, in order, or None where the tags are missing."""
    found = ANSWER.search(text)
    return None if found is None else [int(run) for run in re.findall(r"\d+", found.group(1))]


def permutation(text, count):
    """(whether the answer is a permutation by itself, the order from 0 after the usual repair)."""
    ids = answer_ids(text)
    given = [i - 1 for i in ids or []]
    order = [i for i in dict.fromkeys(given) if 0 <= i < count]
    return sorted(given) == list(range(count)) and ids is not None, order + [i for i in range(count) if i not in set(order)]
