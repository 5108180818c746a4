"""What leaves the survey on paper and in files."""
