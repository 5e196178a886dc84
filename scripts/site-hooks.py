"""What the site has besides docs/: the page of deploy/, to which documents link as they do in the repository."""

from mkdocs.structure.files import File


def on_files(files, config):
    """Adds deploy/README.md as a page."""
    files.append(File.generated(config, "deploy.md", abs_src_path=config.config_file_path.replace("mkdocs.yml", "deploy/README.md")))
    return files


def on_page_markdown(markdown, page, config, files):
    """Has links to deploy/README.md lead to that page."""
    return markdown.replace("../deploy/README.md)", "deploy.md)")
