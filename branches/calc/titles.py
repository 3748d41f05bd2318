"""Words for a post."""


def post_title(organisation: str, role: str) -> str:
    """Organisation and role without saying a word twice: 区创建办 + 创建办主任 = 区创建办主任."""
    overlap = next((size for size in range(len(role), 0, -1) if organisation.endswith(role[:size])), 0)
    return organisation + role[overlap:]
