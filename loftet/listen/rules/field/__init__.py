"""The field while it goes on: who has answered, who will, and what it is worth to wait."""
