"""The doctor: what is wrong with the network in training, how sure that is, and what to try."""

from studio.dashboard.doctor.panel import DoctorPanel

__all__ = ["DoctorPanel"]
