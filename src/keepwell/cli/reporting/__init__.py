"""What reports read on the command line, where no application runs: runs made when they are asked for."""
