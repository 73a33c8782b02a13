"""What a deployed stack must do, shown on an emulated AWS and on a real account."""
